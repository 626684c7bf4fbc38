/* Coefficients of the Rosenbrock methods, in the form of rosenbrock.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mean_field/rosenbrock.h"

#include <string.h>

const lac_rosenbrock_table lac_rodas4 = {
    .name = "rodas4",
    .reference = "RODAS4(3): Hairer & Wanner 1996, Solving ODEs II, section VI.4",
    .stages = 6,
    .order = 4,
    .estimate_order = 3,
    .rough_stage = 4,
    .gamma = 0.25,
    .alpha = {0, 0.386, 0.21, 0.63, 1, 1},
    .gamma_sum = {0.25, -0.1043, 0.1035, -0.3620000000000023e-01, 0, 0},
    .a = {{0},
          {1.544},
          {0.9466785280815826, 0.2557011698983284},
          {3.314825187068521, 2.896124015972201, 0.9986419139977817},
          {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950},
          {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1}},
    .c = {{0},
          {-5.6688},
          {-2.430093356833875, -0.2063599157091915},
          {-0.1073529058151375, -9.594562251023355, -20.47028614809616},
          {7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160},
          {8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136,
           -6.058818238834054}},
    .m = {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1, 1},
    .e = {0, 0, 0, 0, 0, 1},
    .caution = 1.25,
};

/* From gamma_ij and alpha_ij of the paper: a = alpha Gamma^-1, c = I/gamma - Gamma^-1,
 * m = b Gamma^-1, e = (b - b^) Gamma^-1. */
const lac_rosenbrock_table lac_ros34pw2 = {
    .name = "ros34pw2",
    .reference = "ROS34PW2, order 3(2): Rang & Angermann 2005, BIT 45:761",
    .stages = 4,
    .order = 3,
    .estimate_order = 2,
    .any_jacobian = 1,
    .gamma = 0.43586652150845899942,
    .alpha = {0, 0.87173304301691799883, 0.73157995778885238945, 1},
    .gamma_sum = {0.43586652150845899942, -0.43586652150845899941, -0.41333337623388649621, 0},
    .a = {{0},
          {2},
          {1.4192173174557646795, -0.25923221167296971413},
          {4.1847604823191607575, -0.28519201735549591447, 2.2942803602790417198}},
    .c = {{0},
          {-4.5885607205580834396},
          {-4.1847604823191607575, 0.28519201735549591447},
          {-6.3681792001283575869, -6.7956209444668362031, 2.8700986043310560969}},
    .m = {4.1847604823191607575, -0.28519201735549591447, 2.2942803602790417198, 1},
    .e = {0.27774994764796857861, -1.4032398951759990529, 1.7726301276675509762, 0.5},
    .caution = 6,
};

/* gamma = 1 - 1/sqrt 2, for which the method is L-stable; embedded: y + dt k_1. */
const lac_rosenbrock_table lac_ros2 = {
    .name = "ros2",
    .reference = "ROS2, order 2(1): Verwer et al. 1999, SIAM J. Sci. Comput. 20:1456",
    .stages = 2,
    .order = 2,
    .estimate_order = 1,
    .any_jacobian = 1,
    .gamma = 0.29289321881345247560,
    .alpha = {0, 1},
    .gamma_sum = {0.29289321881345247560, -0.29289321881345247560},
    .a = {{0}, {3.4142135623730950488}},
    .c = {{0}, {-6.8284271247461900976}},
    .m = {5.1213203435596425732, 1.7071067811865475244},
    .e = {1.7071067811865475244, 1.7071067811865475244},
    .caution = 2.2,
};

const lac_rosenbrock_table *lac_rosenbrock_find(const char *name)
{
    const lac_rosenbrock_table *table[] = {&lac_rodas4, &lac_ros34pw2, &lac_ros2};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i]->name, name) == 0)
            return table[i];
    return NULL;
}
