package dev.onbehalf.server.access;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Allows some methods on the paths of one pattern, written {@code GET,POST /job/team/**}: {@code *}
 * stands for one path segment or a part of it, {@code **} for any number of segments.
 *
 * @param methods HTTP methods in upper case; empty allows every method
 * @param pathPattern pattern of a canonical path within an application
 */
public record AccessRule(List<String> methods, String pathPattern) {
  private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]{0,19}");
  private static final int LONGEST_PATTERN = 500;

  public AccessRule {
    methods = List.copyOf(new TreeSet<>(methods));
    for (String method : methods) {
      if (!METHOD.matcher(method).matches()) {
        throw new IllegalArgumentException(
            "'" + method + "' is not an HTTP method in capital letters.");
      }
    }
    if (!pathPattern.startsWith("/") || pathPattern.length() > LONGEST_PATTERN) {
      throw new IllegalArgumentException(
          "The path pattern '" + pathPattern + "' must start with a slash and be short.");
    }
    if (pathPattern.chars().anyMatch(c -> c <= ' ' || c == 0x7f || c == '?' || c == '#')) {
      throw new IllegalArgumentException(
          "The path pattern '" + pathPattern + "' must not hold spaces, '?' or '#'.");
    }
  }

  /**
   * Reads {@code GET,POST /path/**} or {@code * /path}.
   *
   * @throws IllegalArgumentException with one sentence, if it is not a rule
   */
  public static AccessRule parse(String text) {
    int space = text.indexOf(' ');
    if (space < 0) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is neither everything, read-only, trigger-builds nor a rule such as"
              + " 'GET,POST /job/team/**'.");
    }
    String methods = text.substring(0, space);
    return new AccessRule(
        methods.equals("*") ? List.of() : Arrays.asList(methods.split(",", -1)),
        text.substring(space + 1).strip());
  }

  @Override
  public String toString() {
    return (methods.isEmpty() ? "*" : methods.stream().collect(Collectors.joining(",")))
        + " "
        + pathPattern;
  }
}
