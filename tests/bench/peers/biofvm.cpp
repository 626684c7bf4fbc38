// The point source by BioFVM, for scripts/bench-peers. It is compiled by whoever has BioFVM:
//
//   make -C BIOFVM make_lib CFLAGS="-march=native -O3 -fopenmp -std=c++11"
//   g++ -march=native -O3 -fopenmp -std=c++11 -I BIOFVM tests/bench/peers/biofvm.cpp BIOFVM/*.o -o PEERS/BioFVM
//
//   BioFVM PROBLEM SIDE LEVEL FILE
//
// writes the nine fields of SIDE^3 doubles, x first, and prints `seconds S steps N`: processor time of
// the steps alone. A level halves the step of a minute. Exit code 77: not a problem for BioFVM.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "BioFVM.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <omp.h>
#include <vector>

using namespace BioFVM;

static const double OUTPUT[] = {1, 10, 100, 1000, 2000, 2001, 2010, 2100, 4000}; // [min]
static const double H = 20;                                                      // [um]

// One molecule a second in the middle voxel, as a rate towards a level that is never near.
static void set_source(Basic_Agent *cell, double strength, double step)
{
    (*cell->secretion_rates)[0] = 1e-9;
    (*cell->saturation_densities)[0] = strength * 60 * 1e9;
    cell->set_internal_uptake_constants(step);
}

static Basic_Agent *make_cell(Microenvironment &around, int side)
{
    std::vector<double> middle(3, H * (side / 2 + 0.5));
    Basic_Agent *cell = create_basic_agent();
    cell->register_microenvironment(&around);
    cell->assign_position(middle);
    cell->volume = H * H * H;
    return cell;
}

static void write_field(Microenvironment &around, FILE *file)
{
    for (unsigned i = 0; i < around.number_of_voxels(); i++)
        fwrite(&around.density_vector(i)[0], sizeof(double), 1, file);
}

int main(int count, char **word)
{
    if (count < 5 || strcmp(word[1], "point_source") != 0)
        return 77;
    int side = atoi(word[2]);
    long a_minute = 1L << atoi(word[3]), steps = 0;
    double step = 1.0 / (double)a_minute, end = H * side;
    FILE *file = fopen(word[4], "wb");
    if (!file)
        return 1;
    omp_set_num_threads(1);
    Microenvironment around;
    around.set_density(0, "A", "dimensionless");
    around.resize_space_uniform(0, end, 0, end, 0, end, H);
    around.diffusion_coefficients[0] = 6000;
    around.decay_rates[0] = 0.01;
    around.diffusion_decay_solver = diffusion_decay_solver__constant_coefficients_LOD_3D;
    Basic_Agent *cell = make_cell(around, side);
    set_source(cell, 1, step);
    clock_t taken = 0;
    for (double output : OUTPUT) {
        clock_t begin = clock();
        for (; steps < std::lround(output * a_minute); steps++) {
            if (steps == 2000 * a_minute)
                set_source(cell, 2, step);
            around.simulate_cell_sources_and_sinks(step);
            around.simulate_diffusion_decay(step);
        }
        taken += clock() - begin;
        write_field(around, file);
    }
    fclose(file);
    printf("seconds %.6g steps %ld\n", (double)taken / CLOCKS_PER_SEC, steps);
    return 0;
}
