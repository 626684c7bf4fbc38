/* YAML and diagnostics: what is read, what is refused, and where the caret stands.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "base/memory.h"
#include "language/locator.h"
#include "language/yaml.h"

/* One text, parsed; `messages` is what was reported. */
typedef struct reading {
    lac_source source;
    lac_diagnostics list;
    lac_yaml *root;
} reading;

static void read_bytes(reading *it, char *text, size_t length)
{
    *it = (reading){.source = {.path = "a.yaml", .bytes = text, .length = length}};
    assert_ok(lac_yaml_parse(&it->source, &it->list, &it->root));
    assert_true((it->root == NULL) == (it->list.errors > 0));
}

static void read_text(reading *it, char *text)
{
    read_bytes(it, text, strlen(text));
}

static void done(reading *it)
{
    lac_yaml_free(it->root);
    lac_diagnostics_free(&it->list);
}

static const char *messages(const reading *it)
{
    return lac_text_of(&it->list.text);
}

/* Reads the text and expects `part` among the messages. */
static void expect_error(char *text, const char *part)
{
    reading it;
    read_text(&it, text);
    assert_null(it.root);
    assert_text_has(messages(&it), part);
    done(&it);
}

static void mappings_sequences_and_scalars_keep_their_places(void **state)
{
    (void)state;
    reading it;
    read_text(&it, "title: a knee\nlist: [1, 'two', \"three\"]\nmap:\n  inner: {a: 1}\n");
    assert_ok(lac_diagnostics_status(&it.list, "a.yaml"));
    assert_int_equal(it.root->kind, LAC_YAML_MAPPING);
    assert_int_equal(it.root->count, 3);
    const lac_yaml *title = lac_yaml_get(it.root, "title");
    assert_string_equal(title->scalar, "a knee");
    assert_int_equal(title->place.line, 1);
    assert_int_equal(title->place.column, 8);
    assert_int_equal(title->place.width, 6);
    const lac_yaml *list = lac_yaml_get(it.root, "list");
    assert_int_equal(list->count, 3);
    assert_string_equal(list->item[2]->scalar, "three");
    assert_int_equal(list->item[1]->place.column, 12); /* behind the quote */
    assert_int_equal(list->item[1]->place.width, 3);
    const lac_yaml *inner = lac_yaml_get(lac_yaml_get(it.root, "map"), "inner");
    assert_string_equal(lac_yaml_get(inner, "a")->scalar, "1");
    assert_int_equal(inner->key_place[0].line, 4);
    assert_int_equal(inner->key_place[0].column, 11);
    assert_null(lac_yaml_get(it.root, "nothing"));
    assert_null(lac_yaml_get(title, "title"));
    done(&it);
}

static void block_text_starts_in_its_first_line(void **state)
{
    (void)state;
    reading it;
    read_text(&it, "notes: |\n\n  first line\n  second\nlaw: >-\n  a +\n  b\n");
    const lac_yaml *notes = lac_yaml_get(it.root, "notes");
    assert_string_equal(notes->scalar, "\nfirst line\nsecond\n");
    assert_int_equal(notes->place.line, 3);
    assert_int_equal(notes->place.column, 3);
    const lac_yaml *law = lac_yaml_get(it.root, "law");
    assert_string_equal(law->scalar, "a + b");
    lac_place place = lac_place_within(law->place, law->scalar, 4, 1);
    assert_int_equal(place.line, 7);
    assert_int_equal(place.column, 3);
    done(&it);
}

static void every_duplicate_key_is_reported_with_its_first_line(void **state)
{
    (void)state;
    reading it;
    read_text(&it, "a: 1\nb: 2\na: 3\nc: {x: 1, x: 2}\n");
    assert_null(it.root);
    assert_int_equal(it.list.errors, 2);
    assert_text_has(messages(&it),
                    "a.yaml:3:1: error: the key 'a' is given twice (first in line 1)");
    assert_text_has(messages(&it),
                    "a.yaml:4:11: error: the key 'x' is given twice (first in line 4)");
    done(&it);
}

static void anchors_aliases_tags_and_second_documents_are_refused(void **state)
{
    (void)state;
    expect_error("a: &x 1\n", "a.yaml:1:4: error: the anchor '&x' is refused");
    expect_error("a: &x 1\nb: *x\n", "a.yaml:2:4: error: the alias '*x' is refused");
    expect_error("a: !!int 1\n", "a.yaml:1:4: error: the tag 'tag:yaml.org,2002:int' is refused");
    expect_error("a: ! 1\n", "the tag '!' is refused");
    expect_error("a: 1\n---\nb: 2\n", "a.yaml:2:1: error: a second document");
    expect_error("[a, b]: 1\n", "a.yaml:1:1: error: a key must be a name");
    expect_error("\"\": 1\n", "a key must be a name");
    expect_error("{'': 1}\n", "a key must be a name");
    expect_error("a: \"x\\0y\"\n", "must not hold the character");
}

static void alias_bombs_stop_at_the_first_alias(void **state)
{
    (void)state;
    reading it;
    read_text(&it, "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n");
    assert_null(it.root);
    assert_true(it.list.errors <= 3);
    done(&it);
}

static void empty_texts_are_refused(void **state)
{
    (void)state;
    expect_error("", "a.yaml:1:1: error: the file is empty");
    expect_error("# only a comment\n", "the file is empty");
    expect_error("---\n", "the file is empty");
}

static void syntax_errors_have_a_place_and_a_hint(void **state)
{
    (void)state;
    expect_error("a: 1\n\tb: 2\n", "a.yaml:2:1: error: not valid YAML");
    expect_error("a:\n\t- 2\n", "indent with blanks");
    expect_error("a: [1, 2\n", "a.yaml:2:1: error: not valid YAML");
    expect_error("a: b: c\n", "a.yaml:1:5: error: not valid YAML: mapping values are not allowed");
    expect_error("a: @b\n", "put this text in quotes");
    expect_error("a: 1\nb: \xff\n", "a.yaml:2:4: error: not valid YAML");
    expect_error("a: 1\nb: \x1b[31m\n", "a.yaml:2:4: error: not valid YAML: control characters");
}

static char *repeated(const char *before, const char *part, size_t count, const char *after)
{
    lac_text text = {0};
    lac_text_add(&text, "%s", before);
    for (size_t i = 0; i < count; i++)
        lac_text_add(&text, "%s", part);
    lac_text_add(&text, "%s", after);
    return text.bytes;
}

static void depth_size_and_number_of_values_are_capped(void **state)
{
    (void)state;
    char *text = repeated("a: ", "[", 62, "1");
    char *closed = repeated(text, "]", 62, "\n");
    reading it;
    read_text(&it, closed);
    assert_non_null(it.root);
    done(&it);
    lac_free(text);
    lac_free(closed);

    text = repeated("a: ", "[", 100000, "\n");
    expect_error(text, "a.yaml:1:67: error: nested more than 64 levels deep");
    lac_free(text);

    text = repeated("a: [", "1,", 1000001, "]\n");
    expect_error(text, "more than 1000000 values");
    lac_free(text);

    text = repeated("a: |\n", "  a line of text\n", (16u << 20) / 17 + 1, "");
    expect_error(text, "at most 16777216 are read");
    lac_free(text);
}

static void many_keys_are_checked_for_duplicates_in_little_time(void **state)
{
    (void)state;
    lac_text text = {0};
    for (int key = 0; key < 60000; key++)
        lac_text_add(&text, "k%d: 1\n", key);
    reading it;
    read_text(&it, text.bytes);
    assert_int_equal(it.root->count, 60000);
    done(&it);
    lac_text_free(&text);
}

static void unknown_keys_are_reported_with_the_nearest_known_one(void **state)
{
    (void)state;
    const char *known[] = {"title", "species", "domains"};
    reading it;
    read_text(&it, "titel: x\nspecies: {}\nqqqq: 1\n");
    lac_yaml_only(it.root, known, 3, "the model", &it.list);
    assert_int_equal(it.list.errors, 2);
    assert_string_equal(messages(&it),
                        "a.yaml:1:1: error: unknown key 'titel' in the model: did you mean "
                        "'title'?\n"
                        "    1 | titel: x\n"
                        "      | ^~~~~\n"
                        "a.yaml:3:1: error: unknown key 'qqqq' in the model: expected title, "
                        "species, domains\n"
                        "    3 | qqqq: 1\n"
                        "      | ^~~~\n");
    done(&it);
}

static void a_law_cut_at_its_comma_is_told_to_take_quotes(void **state)
{
    (void)state;
    const char *known[] = {"rate"};
    reading it;
    read_text(&it, "{rate: max(0, x)}\n");
    lac_yaml_only(it.root, known, 1, "a reaction", &it.list);
    assert_text_has(messages(&it),
                    "a.yaml:1:15: error: unknown key 'x)' in a reaction: inside { } a "
                    "text that holds ',' needs quotes");
    done(&it);
}

static void carets_stand_right_behind_tabs_and_utf8(void **state)
{
    (void)state;
    char text[] = "a: 1\n\tµµ = wrong\r\nlast";
    lac_source source = {.path = "b.yaml", .bytes = text, .length = strlen(text)};
    lac_diagnostics list = {0};
    lac_report(&list, LAC_WARNING, (lac_place){&source, 2, 7, 5}, "this is %s", "wrong");
    assert_string_equal(lac_text_of(&list.text), "b.yaml:2:7: warning: this is wrong\n"
                                                 "    2 | \tµµ = wrong\n"
                                                 "      | \t     ^~~~~\n");
    assert_int_equal(list.warnings, 1);
    assert_ok(lac_diagnostics_status(&list, "b.yaml"));
    lac_diagnostics_free(&list);

    lac_report(&list, LAC_ERROR, (lac_place){&source, 3, 3, 99}, "end");
    assert_text_has(lac_text_of(&list.text), "    3 | last\n      |   ^~\n");
    lac_report(&list, LAC_ERROR, (lac_place){&source, 9, 3, 1}, "no such line");
    lac_report(&list, LAC_ERROR, (lac_place){0}, "no place");
    assert_text_has(lac_text_of(&list.text), "\nerror: no place\n");
    lac_diagnostics_free(&list);
}

static void long_lines_are_shown_around_the_caret(void **state)
{
    (void)state;
    char *text = repeated("x", "µ", 100000, "!");
    lac_source source = {.path = "b.yaml", .bytes = text, .length = strlen(text)};
    lac_diagnostics list = {0};
    lac_report(&list, LAC_ERROR, (lac_place){&source, 1, 100002, 1}, "here");
    assert_true(list.text.length < 600);
    assert_text_has(lac_text_of(&list.text), "µ!\n");
    lac_diagnostics_free(&list);
    lac_free(text);
}

static void repeated_messages_are_shown_once_and_many_are_only_counted(void **state)
{
    (void)state;
    lac_diagnostics list = {0};
    lac_report(&list, LAC_ERROR, (lac_place){0}, "the same");
    lac_report(&list, LAC_ERROR, (lac_place){0}, "the same");
    assert_int_equal(list.errors, 1);
    assert_int_equal(list.reported, 2);
    for (int i = 0; i < 100; i++)
        lac_report(&list, LAC_ERROR, (lac_place){0}, "number %d", i);
    assert_int_equal(list.errors, 101);
    assert_null(strstr(lac_text_of(&list.text), "number 49"));
    assert_int_equal(lac_diagnostics_status(&list, "x.yaml"), LAC_INPUT);
    assert_text_has(lac_failure(), "101 errors in x.yaml");
    lac_diagnostics_free(&list);
}

static void messages_hold_no_control_characters(void **state)
{
    (void)state;
    char text[] = "a\x1b[31m\xff\n";
    lac_source source = {.path = "b.yaml", .bytes = text, .length = strlen(text)};
    lac_diagnostics list = {0};
    lac_report(&list, LAC_ERROR, (lac_place){&source, 1, 2, 1}, "name '\x1b]0;' and \xc2\x9b");
    assert_null(strchr(lac_text_of(&list.text), '\x1b'));
    assert_null(strstr(lac_text_of(&list.text), "\xc2\x9b"));
    assert_text_has(lac_text_of(&list.text), "a?[31m?\n");
    lac_diagnostics_free(&list);
}

static void offsets_in_quoted_text_lead_back_to_the_file(void **state)
{
    (void)state;
    reading it;
    read_text(&it, "a: \"k * \\\"b\\\" +\n   c\"\nb: 'it''s x'\nc: µ x\n");
    const lac_yaml *a = lac_yaml_get(it.root, "a");
    assert_string_equal(a->scalar, "k * \"b\" + c");
    lac_place place = lac_place_within(a->place, a->scalar, 5, 1);
    assert_int_equal(place.column, 11);
    place = lac_place_within(a->place, a->scalar, 10, 1);
    assert_int_equal(place.line, 2);
    assert_int_equal(place.column, 4);
    const lac_yaml *b = lac_yaml_get(it.root, "b");
    assert_int_equal(lac_place_within(b->place, b->scalar, 5, 1).column, 11);
    const lac_yaml *c = lac_yaml_get(it.root, "c");
    place = lac_place_within(c->place, c->scalar, 3, 1);
    assert_int_equal(place.line, 4);
    assert_int_equal(place.column, 6);
    place = lac_place_within(c->place, c->scalar, 4, 0);
    assert_int_equal(place.column, 7);
    assert_int_equal(place.width, 1);
    done(&it);
}

static void every_failing_allocation_is_reported_and_nothing_leaks(void **state)
{
    (void)state;
    char good[] = "a: 1\nb: [x, y, {c: d}]\ne: {f: g}\n";
    char bad[] = "a: 1\na: &b [x, y]\nc: !t d\n";
    char *text[] = {good, bad};
    size_t alive = lac_memory_alive();
    for (int which = 0; which < 2; which++) {
        lac_source source = {.path = "a.yaml", .bytes = text[which], .length = strlen(text[which])};
        size_t failures = 0;
        lac_status status = LAC_MEMORY;
        for (size_t n = 1; status == LAC_MEMORY; n++) {
            lac_diagnostics list = {0};
            lac_yaml *root = NULL;
            lac_memory_fail_at(n);
            status = lac_yaml_parse(&source, &list, &root);
            lac_memory_fail_at(0);
            failures += status == LAC_MEMORY;
            assert_true(status == LAC_OK || status == LAC_MEMORY);
            assert_true(status == LAC_OK || !root);
            lac_yaml_free(root);
            lac_diagnostics_free(&list);
            assert_int_equal(lac_memory_alive(), alive);
        }
        assert_true(failures > 10);
    }
}

/* Of 200 keys, which are indexed, and of few. */
static void a_mapping_goes_on_behind_another_or_stays_as_it_was(void **state)
{
    (void)state;
    char text[4000] = "large: {k0: 0";
    for (int k = 1; k < 200; k++)
        sprintf(text + strlen(text), ", k%d: %d", k, k);
    strcat(text, "}\nsmall: {a: 1, b: 2}\nmore: {c: 3, d: 4}\n");
    const size_t alive = lac_memory_alive();
    for (size_t n = 0; n <= 3; n++)
        for (int which = 0; which < 2; which++) {
            reading it;
            read_text(&it, text);
            lac_yaml *to = it.root->item[which], *from = it.root->item[2];
            const size_t count = to->count;
            lac_memory_fail_at(n);
            assert_int_equal(lac_yaml_append(to, from), n ? LAC_MEMORY : LAC_OK);
            lac_memory_fail_at(0);
            assert_int_equal(to->count, count + (n ? 0 : 2));
            assert_int_equal(from->count, n ? 2 : 0);
            assert_string_equal(lac_yaml_get(to, which ? "b" : "k199")->scalar,
                                which ? "2" : "199");
            assert_true(n ? !lac_yaml_get(to, "d") : lac_yaml_get(to, "d")->place.line == 3);
            done(&it);
            assert_int_equal(lac_memory_alive(), alive);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mappings_sequences_and_scalars_keep_their_places),
        cmocka_unit_test(block_text_starts_in_its_first_line),
        cmocka_unit_test(every_duplicate_key_is_reported_with_its_first_line),
        cmocka_unit_test(anchors_aliases_tags_and_second_documents_are_refused),
        cmocka_unit_test(alias_bombs_stop_at_the_first_alias),
        cmocka_unit_test(empty_texts_are_refused),
        cmocka_unit_test(syntax_errors_have_a_place_and_a_hint),
        cmocka_unit_test(depth_size_and_number_of_values_are_capped),
        cmocka_unit_test(many_keys_are_checked_for_duplicates_in_little_time),
        cmocka_unit_test(unknown_keys_are_reported_with_the_nearest_known_one),
        cmocka_unit_test(a_law_cut_at_its_comma_is_told_to_take_quotes),
        cmocka_unit_test(carets_stand_right_behind_tabs_and_utf8),
        cmocka_unit_test(long_lines_are_shown_around_the_caret),
        cmocka_unit_test(repeated_messages_are_shown_once_and_many_are_only_counted),
        cmocka_unit_test(messages_hold_no_control_characters),
        cmocka_unit_test(offsets_in_quoted_text_lead_back_to_the_file),
        cmocka_unit_test(every_failing_allocation_is_reported_and_nothing_leaks),
        cmocka_unit_test(a_mapping_goes_on_behind_another_or_stays_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
