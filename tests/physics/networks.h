/* Models that several physics tests march.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TESTS_PHYSICS_NETWORKS_H
#define LAC_TESTS_PHYSICS_NETWORKS_H

/* A + B <-> C a million times faster than C is turned over and D diffuses; D is made by a Hill law
 * of C and slows its own making. Formats: rtol. */
#define FAST_BINDING                                                                               \
    "lacuna: 1\n"                                                                                  \
    "domains: {tissue: {kind: tissue}}\n"                                                          \
    "species:\n"                                                                                   \
    "  A: {tissue: {initial: \"2 nM + 1 nM * cos(3.141592653589793 * depth / (200 um))\","         \
    " diffusivity: 40 um^2/s, atol: 1e-6 nM}}\n"                                                   \
    "  B: {tissue: {initial: 1 nM, diffusivity: 20 um^2/s, atol: 1e-6 nM}}\n"                      \
    "  C: {tissue: {initial: 0 nM, diffusivity: 10 um^2/s, atol: 1e-6 nM}}\n"                      \
    "  S: {tissue: {initial: 0.1 nM, diffusivity: 60 um^2/s, atol: 1e-6 nM}}\n"                    \
    "parameters:\n"                                                                                \
    "  on: {value: 100 1/(nM s)}\n"                                                                \
    "  off: {value: 20 1/s}\n"                                                                     \
    "  turnover: {value: 1e-4 1/s}\n"                                                              \
    "  q: {value: 2e-3 nM/s}\n"                                                                    \
    "  K: {value: 0.3 nM}\n"                                                                       \
    "reactions:\n"                                                                                 \
    "  binding: {in: tissue, equation: \"A + B <=> C\", rate: on * A * B, reverse: off * C}\n"     \
    "  turning: {in: tissue, equation: \"C -> A\", rate: turnover * C}\n"                          \
    "  making: {in: tissue, equation: \"-> S\", rate: \"q * hill(C, K, 4) / (1 + S / K)\"}\n"      \
    "  renewal: {in: tissue, equation: \"-> B\", rate: turnover * K}\n"                            \
    "  losing: {in: tissue, equation: \"S ->\", rate: 5e-3 1/s * S}\n"                             \
    "tissue: {size: [20 um, 20 um, 200 um], voxel: [20 um, 20 um, 10 um]}\n"                       \
    "run: {until: 1 d, rtol: %g}\n"

/* Four enzymes E, two inhibitors I and their eight complexes, of which two enzymes and the
 * complexes do not move; the first inhibitor is also in a fluid. Formats: rtol, linear tolerance.
 */
#define INHIBITORS                                                                                 \
    "lacuna: 1\n"                                                                                  \
    "domains: {tissue: {kind: tissue}, fluid: {kind: well-mixed, volume: 0.02 mm^3}}\n"            \
    "species:\n"                                                                                   \
    "  E1: {tissue: {initial: 3 nM, diffusivity: 30 um^2/s, atol: 1e-6 nM}}\n"                     \
    "  E2: {tissue: {initial: \"5 nM * depth / (300 um)\", diffusivity: 20 um^2/s,"                \
    " atol: 1e-6 nM}}\n"                                                                           \
    "  E3: {tissue: {initial: 2 nM, atol: 1e-6 nM}}\n"                                             \
    "  E4: {tissue: {initial: \"1 nM * (1 + x / (60 um))\", atol: 1e-6 nM}}\n"                     \
    "  I1: {tissue: {initial: 1 nM, diffusivity: 40 um^2/s, partition: 0.7, atol: 1e-6 nM},"       \
    " fluid: {initial: 40 nM, atol: 1e-6 nM}}\n"                                                   \
    "  I2: {tissue: {initial: \"6 nM * (1 - depth / (300 um))\", diffusivity: 35 um^2/s,"          \
    " atol: 1e-6 nM}}\n"                                                                           \
    "  C11: {tissue: {initial: 0 nM, diffusivity: 10 um^2/s, atol: 1e-6 nM}}\n"                    \
    "  C12: {tissue: {initial: 0 nM, diffusivity: 10 um^2/s, atol: 1e-6 nM}}\n"                    \
    "  C21: {tissue: {initial: 0 nM, atol: 1e-6 nM}}\n"                                            \
    "  C22: {tissue: {initial: 0 nM, atol: 1e-6 nM}}\n"                                            \
    "  C31: {tissue: {initial: 0 nM, atol: 1e-6 nM}}\n"                                            \
    "  C32: {tissue: {initial: 0 nM, atol: 1e-6 nM}}\n"                                            \
    "  C41: {tissue: {initial: 0 nM, atol: 1e-6 nM}}\n"                                            \
    "  C42: {tissue: {initial: 0 nM, atol: 1e-6 nM}}\n"                                            \
    "parameters: {on: {value: 2 1/(nM s)}, off: {value: 0.01 1/s}}\n"                              \
    "reactions:\n"                                                                                 \
    "  b11: {in: tissue, equation: \"E1 + I1 <=> C11\", rate: on * E1 * I1, reverse: off * C11}\n" \
    "  b12: {in: tissue, equation: \"E1 + I2 <=> C12\", rate: 0.1 * on * E1 * I2,"                 \
    " reverse: off * C12}\n"                                                                       \
    "  b21: {in: tissue, equation: \"E2 + I1 <=> C21\", rate: 3 * on * E2 * I1,"                   \
    " reverse: 5 * off * C21}\n"                                                                   \
    "  b22: {in: tissue, equation: \"E2 + I2 <=> C22\", rate: on * E2 * I2,"                       \
    " reverse: 0.1 * off * C22}\n"                                                                 \
    "  b31: {in: tissue, equation: \"E3 + I1 <=> C31\", rate: 0.3 * on * E3 * I1,"                 \
    " reverse: off * C31}\n"                                                                       \
    "  b32: {in: tissue, equation: \"E3 + I2 <=> C32\", rate: on * E3 * I2, reverse: off * C32}\n" \
    "  b41: {in: tissue, equation: \"E4 + I1 <=> C41\", rate: on * E4 * I1, reverse: off * C41}\n" \
    "  b42: {in: tissue, equation: \"E4 + I2 <=> C42\", rate: 2 * on * E4 * I2,"                   \
    " reverse: 0.5 * off * C42}\n"                                                                 \
    "interfaces: {surface: {between: [tissue.top, fluid], exchange: [I1],"                         \
    " permeability: 0.5 um/s}}\n"                                                                  \
    "tissue: {size: [60 um, 20 um, 300 um], voxel: [20 um, 20 um, 10 um]}\n"                       \
    "run: {until: 1 d, rtol: %g, linear_tolerance: %g}\n"

/* Cells in few voxels make a signal that diffuses, passes to a fluid and comes back, is sensed by
 * the cells and breaks a matrix that slows its diffusion; an input jumps. Formats: rtol, linear
 * tolerance. */
#define SIGNALLING                                                                                 \
    "lacuna: 1\n"                                                                                  \
    "domains: {tissue: {kind: tissue}, fluid: {kind: well-mixed, volume: 0.05 mm^3}}\n"            \
    "species:\n"                                                                                   \
    "  S: {tissue: {initial: 0 nM, diffusivity: 50 um^2/s * (1.5 - 0.5 * M), partition: 0.8,"      \
    " atol: 1e-8 nM}, fluid: {initial: 0.2 nM, atol: 1e-8 nM}}\n"                                  \
    "  P: {tissue: {initial: 1 nM, diffusivity: 20 um^2/s, atol: 1e-7 nM}}\n"                      \
    "  Q: {tissue: {initial: 0 nM, diffusivity: 25 um^2/s, atol: 1e-8 nM}}\n"                      \
    "  calm: {unit: cell, tissue: {initial: {cluster: 1e-4 cell/um^3, default: 0 cell/um^3},"      \
    " atol: 1e-9 cell/um^3}}\n"                                                                    \
    "  angry: {unit: cell, tissue: {initial: 0 cell/um^3, atol: 1e-9 cell/um^3}}\n"                \
    "  M: {unit: 1, tissue: {initial: 1, atol: 1e-7}}\n"                                           \
    "parameters:\n"                                                                                \
    "  q: {value: 0.02 molecule/(s cell)}\n"                                                       \
    "  K: {value: 0.5 nM}\n"                                                                       \
    "  k: {value: 1e-4 1/s}\n"                                                                     \
    "inputs: {load: {shape: steps, knots: [[0 s, 1], [5 h, 3], [9 h, 1]]}}\n"                      \
    "reactions:\n"                                                                                 \
    "  secretion: {in: tissue, equation: \"angry -> angry + S\", rate: 50 * q * load * angry}\n"   \
    "  turning: {in: tissue, equation: \"calm <=> angry\", rate: \"2 * k * hill(S, K, 2) * calm"   \
    " + 0.2 * k * calm\", reverse: k * angry}\n"                                                   \
    "  uptake: {in: tissue, equation: \"S ->\", rate: 3 * k * S}\n"                                \
    "  cleavage: {in: tissue, equation: \"P -> Q\", rate: 20 * k * S / (K + S) * P}\n"             \
    "  renewal: {in: tissue, equation: \"Q -> P\", rate: 5 * k * Q}\n"                             \
    "  clearance: {in: fluid, equation: \"S ->\", rate: k * S}\n"                                  \
    "rates: {M: {in: tissue, rate: 0.1 * k * (1 - M) - 2 * k * Q / (K + Q) * M}}\n"                \
    "interfaces: {surface: {between: [tissue.top, fluid], exchange: [S],"                          \
    " permeability: 0.3 um/s}}\n"                                                                  \
    "tissue: {size: [160 um, 40 um, 240 um], voxel: [20 um, 40 um, 15 um],"                        \
    " boxes: {cluster: {x: [40 um, 80 um], depth: [45 um, 75 um]}}}\n"                             \
    "run: {until: 1 d, rtol: %g, linear_tolerance: %g}\n"

#endif
