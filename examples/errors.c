/* Errors: the list of what is wrong with a text, and the code and sentence of a failed call.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <lacuna.h>
#include <stdio.h>

static const char wrong[] = "lacuna: 1\n"
                            "title: two mistakes\n"
                            "domains:\n"
                            "  flask: {kind: well-mixed, volume: 1 mL}\n"
                            "species:\n"
                            "  A: {flask: {initial: 1 h}}\n"
                            "reactions:\n"
                            "  loss: {in: flask, equation: \"A ->\", rate: k * A}\n"
                            "run: {until: 1 d}\n";

static void show_problems(const lacuna_model *model)
{
    lacuna_problem problem;
    for (size_t k = 0; k < lacuna_model_problems(model); k++)
        if (lacuna_model_problem(model, k, &problem) == LACUNA_OK)
            printf("%s, line %zu, column %zu: %s\n", problem.file, problem.line, problem.column,
                   problem.message);
}

static void show_refusals(lacuna_model *model)
{
    int code = lacuna_model_set(model, "halflife", "2 h");
    printf("%d (%s): %s\n", code, lacuna_code_word(code), lacuna_model_error(model));
    code = lacuna_model_set(model, "half_life", "2 nM");
    printf("%d (%s): %s\n", code, lacuna_code_word(code), lacuna_model_error(model));
}

int main(int argc, char **argv)
{
    lacuna_model *model = NULL;
    int code = lacuna_model_read("mine.yaml", wrong, NULL, &model);
    printf("%d: %s\n", code, lacuna_model_error(model));
    show_problems(model);
    lacuna_model_free(model);
    code = lacuna_model_load(argc > 1 ? argv[1] : "params/teaching/decay.yaml", &model);
    if (code == LACUNA_OK)
        show_refusals(model);
    lacuna_model_free(model);
    return code;
}
