package dev.onbehalf.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Writes the effective values with their sources, as YAML with dotted keys. */
final class ConfigurationPrinter {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/._][A-Za-z0-9/._:@%+=?&-]*");

  private record Line(String text, String source) {}

  private final List<Line> lines = new ArrayList<>();

  void add(String key, String value, String source) {
    lines.add(new Line(key + ": " + quoted(value), source));
  }

  void addList(String key, List<String> values, String source) {
    String items = String.join(", ", values.stream().map(ConfigurationPrinter::quoted).toList());
    lines.add(new Line(key + ": [" + items + "]", source));
  }

  /** An option that is not set and has no default. */
  void addUnset(String key) {
    lines.add(new Line("# " + key + ":", "not set"));
  }

  void addMasked(String key, String source) {
    lines.add(new Line("# " + key + ": (masked)", source));
  }

  String text() {
    StringBuilder text = new StringBuilder();
    for (Line line : lines) {
      text.append(line.text());
      text.append(" ".repeat(Math.max(2, 56 - line.text().length())));
      text.append("# ").append(line.source()).append('\n');
    }
    return text.toString();
  }

  private static String quoted(String value) {
    if (PLAIN.matcher(value).matches() && !value.endsWith(":")) {
      return value;
    }
    boolean oneLine = value.chars().allMatch(c -> c >= ' ' && c <= '~');
    return oneLine ? "'" + value.replace("'", "''") + "'" : escaped(value);
  }

  /** Double quotes, in which line breaks and everything beyond ASCII can be written out. */
  private static String escaped(String value) {
    StringBuilder text = new StringBuilder("\"");
    value
        .codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                text.append('\\').appendCodePoint(c);
              } else if (c >= ' ' && c <= '~') {
                text.appendCodePoint(c);
              } else {
                text.append(String.format("\\U%08x", c));
              }
            });
    return text.append('"').toString();
  }
}
