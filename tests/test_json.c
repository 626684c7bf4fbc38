/* JSON: what is written is always one valid document.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "base/json.h"
#include "base/memory.h"

static void objects_and_arrays_nest_and_are_indented(void **state)
{
    (void)state;
    lac_text text = {0};
    lac_json json = {.text = &text};
    lac_json_object(&json, NULL);
    lac_json_words(&json, "name", "decay");
    lac_json_array(&json, "empty");
    lac_json_end(&json);
    lac_json_array(&json, "items");
    lac_json_object(&json, NULL);
    lac_json_flag(&json, "good", true);
    lac_json_null(&json, "rest");
    lac_json_end(&json);
    lac_json_count(&json, NULL, 3);
    lac_json_end(&json);
    lac_json_end(&json);
    assert_int_equal(text.failed, LAC_OK);
    assert_string_equal(lac_text_of(&text), "{\n  \"name\": \"decay\",\n  \"empty\": [],\n"
                                            "  \"items\": [\n    {\n      \"good\": true,\n"
                                            "      \"rest\": null\n    },\n    3\n  ]\n}\n");
    lac_text_free(&text);
}

static const char *one_text(lac_text *text, const char *words)
{
    lac_json json = {.text = text};
    lac_text_free(text);
    lac_json_words(&json, NULL, words);
    return lac_text_of(text);
}

static void texts_are_escaped_and_always_utf8(void **state)
{
    (void)state;
    lac_text text = {0};
    assert_string_equal(one_text(&text, "a\"b\\c\n\t\x01\x7f"),
                        "\"a\\\"b\\\\c\\n\\t\\u0001\\u007f\"\n");
    assert_string_equal(one_text(&text, "\xc2\xb5m \xf0\x9f\x90\x81"),
                        "\"\xc2\xb5m \xf0\x9f\x90\x81\"\n");
    /* A lone byte, one cut off, an overlong slash, a surrogate, beyond the last character. */
    assert_string_equal(one_text(&text, "\xb5|\xe2\x82"),
                        "\"\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd\"\n");
    assert_string_equal(one_text(&text, "\xc0\xaf"), "\"\xef\xbf\xbd\xef\xbf\xbd\"\n");
    assert_string_equal(one_text(&text, "\xed\xa0\x80"),
                        "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"\n");
    assert_string_equal(one_text(&text, "\xf4\x90\x80\x80"),
                        "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"\n");
    assert_string_equal(one_text(&text, ""), "\"\"\n");
    assert_string_equal(one_text(&text, NULL), "null\n");
    lac_text_free(&text);
}

static void numbers_are_read_back_to_the_last_bit_and_what_is_none_is_null(void **state)
{
    (void)state;
    static const double numbers[] = {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -2, 1e22};
    lac_text text = {0};
    for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
        lac_json json = {.text = &text};
        lac_text_free(&text);
        lac_json_number(&json, NULL, numbers[k]);
        assert_true(strtod(lac_text_of(&text), NULL) == numbers[k]);
    }
    lac_text_free(&text);
    lac_json json = {.text = &text};
    lac_json_numbers(&json, NULL, (double[]){0.1, NAN, -INFINITY, 3}, 4);
    assert_string_equal(lac_text_of(&text), "[0.1, null, null, 3]\n");
    lac_text_free(&text);
}

static void calls_that_do_not_fit_are_told(void **state)
{
    (void)state;
    lac_text text[5] = {{0}};
    lac_json keyless = {.text = &text[0]}, keyed = {.text = &text[1]}, closed = {.text = &text[2]},
             twice = {.text = &text[3]}, deep = {.text = &text[4]};
    lac_json_object(&keyless, NULL);
    lac_json_flag(&keyless, NULL, true);
    lac_json_array(&keyed, NULL);
    lac_json_flag(&keyed, "key", true);
    lac_json_end(&closed);
    lac_json_null(&twice, NULL);
    lac_json_null(&twice, NULL);
    for (int k = 0; k <= LAC_JSON_DEEPEST; k++)
        lac_json_array(&deep, NULL);
    for (int k = 0; k < 5; k++) {
        assert_int_equal(text[k].failed, LAC_INTERNAL);
        lac_text_free(&text[k]);
    }
}

static void a_document_without_memory_is_known_to_be_lost(void **state)
{
    (void)state;
    lac_text text = {0};
    lac_json json = {.text = &text};
    lac_memory_fail_at(1);
    lac_json_object(&json, NULL);
    lac_json_words(&json, "a", "b");
    lac_json_end(&json);
    lac_memory_fail_at(0);
    assert_int_equal(text.failed, LAC_MEMORY);
    lac_text_free(&text);
    assert_int_equal(lac_memory_alive(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_and_arrays_nest_and_are_indented),
        cmocka_unit_test(texts_are_escaped_and_always_utf8),
        cmocka_unit_test(numbers_are_read_back_to_the_last_bit_and_what_is_none_is_null),
        cmocka_unit_test(calls_that_do_not_fit_are_told),
        cmocka_unit_test(a_document_without_memory_is_known_to_be_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
