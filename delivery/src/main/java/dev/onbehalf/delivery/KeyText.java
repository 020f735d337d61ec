package dev.onbehalf.delivery;

/**
 * A text that may hold issue keys.
 *
 * @param source what kind of text it is
 * @param where what it is in particular, for people: a branch name, a commit id
 * @param text the text to search
 */
public record KeyText(KeySource source, String where, String text) {}
