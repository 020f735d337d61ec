package dev.onbehalf.delivery;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A description of JSON: its fields, their kinds and their limits, from which both ends of the wire
 * check what they send and what they receive.
 *
 * <p>A JSON {@code null} counts as an absent field, and fields the description does not name are
 * ignored, as Jira does. The messages begin with the texts Jira itself uses.
 */
public final class Shape {
  private static final int MAX_VIOLATIONS = 20;
  private static final int MAX_QUOTED = 60;

  private final Check check;

  private Shape(Check check) {
    this.check = check;
  }

  /**
   * Returns what is wrong with {@code json}, in the order of the description; at most 20 entries.
   */
  public List<Violation> violations(JsonNode json) {
    Findings findings = new Findings();
    check.check("", json, findings);
    return List.copyOf(findings.list);
  }

  /** Text of 1 to {@code maxChars} UTF-16 units, well-formed and without NUL. */
  public static Shape text(int maxChars) {
    return text(maxChars, Shape::anything);
  }

  /** Text as {@link #text(int)} which must also satisfy {@code fault} (null: nothing wrong). */
  static Shape text(int maxChars, Function<String, @Nullable String> fault) {
    return new Shape(
        (path, value, findings) -> {
          if (!value.isString()) {
            findings.add(path, " must be a string. Found " + quote(value) + ".");
            return;
          }
          String text = value.stringValue();
          if (text.length() > maxChars) {
            findings.add(
                path,
                " can have a maximum of %d characters. Found %d: %s."
                    .formatted(maxChars, text.length(), quote(value)));
          } else if (text.isEmpty()) {
            findings.add(path, " must not be empty.");
          } else if (malformed(text)) {
            findings.add(path, " holds a NUL or an unpaired surrogate: " + quote(value) + ".");
          } else {
            String wrong = fault.apply(text);
            if (wrong != null) {
              findings.add(path, wrong + " Found " + quote(value) + ".");
            }
          }
        });
  }

  /** An absolute http or https URL of at most {@code maxChars} characters. */
  public static Shape url(int maxChars) {
    return text(
        maxChars,
        text -> isWebUrl(text) ? null : " must be an absolute http(s) URL without credentials.");
  }

  /** A 64-bit integer of at least {@code min}. */
  public static Shape int64(long min) {
    return new Shape(
        (path, value, findings) -> {
          if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            findings.add(path, " must be a 64-bit integer. Found " + quote(value) + ".");
          } else if (value.longValue() < min) {
            findings.add(path, " must be at least " + min + ". Found " + quote(value) + ".");
          }
        });
  }

  /** An RFC 3339 date-time with an offset. */
  public static Shape dateTime() {
    return text(
        64,
        text -> {
          try {
            DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text);
            return null;
          } catch (DateTimeException e) {
            return " must be an RFC 3339 date-time with an offset.";
          }
        });
  }

  /** One of the given words, case-sensitive. */
  public static Shape oneOf(String... words) {
    List<String> allowed = List.of(words);
    Set<String> lookup = Set.copyOf(allowed);
    return new Shape(
        (path, value, findings) -> {
          if (!value.isString() || !lookup.contains(value.stringValue())) {
            findings.add(
                path,
                " is not valid. Allowed values are: " + allowed + ". Found " + quote(value) + ".");
          }
        });
  }

  /** An array of {@code minItems} to {@code maxItems} items of the given shape. */
  public static Shape list(Shape item, int minItems, int maxItems) {
    return new Shape(
        (path, value, findings) -> {
          if (!value.isArray()) {
            findings.add(path, " must be an array. Found " + quote(value) + ".");
          } else if (value.size() < minItems) {
            findings.add(
                path, " must have at least %d element(s). Found none.".formatted(minItems));
          } else if (value.size() > maxItems) {
            findings.add(
                path,
                " can have a maximum of %d elements. Found %d.".formatted(maxItems, value.size()));
          } else {
            for (int i = 0; i < value.size() && findings.hasRoom(); i++) {
              JsonNode element = value.get(i);
              if (element != null) {
                item.check.check(path + "[" + i + "]", element, findings);
              }
            }
          }
        });
  }

  /** A flat map of text to text, at most {@code maxPairs} pairs; {@code docs/peer-facts.md} 2.3. */
  public static Shape properties(int maxPairs, int maxChars) {
    return new Shape(
        (path, value, findings) -> {
          if (!value.isObject()) {
            findings.add(path, " must be an object. Found " + quote(value) + ".");
            return;
          }
          if (value.size() > maxPairs) {
            findings.add(
                path,
                " can have a maximum of %d pairs. Found %d.".formatted(maxPairs, value.size()));
            return;
          }
          for (Map.Entry<String, JsonNode> pair : value.properties()) {
            String key = pair.getKey();
            if (key.isEmpty() || key.startsWith("_") || key.indexOf(':') >= 0) {
              findings.add(
                  path,
                  " keys must not be empty, hold ':' or begin with '_'. Found '" + cut(key) + "'.");
            }
            text(maxChars).check.check(path + "." + cut(key), pair.getValue(), findings);
          }
        });
  }

  /** An object with the given fields. */
  public static Shape object(Field... fields) {
    List<Field> all = List.of(fields);
    return new Shape(
        (path, value, findings) -> {
          if (!value.isObject()) {
            findings.add(path, " must be an object. Found " + quote(value) + ".");
            return;
          }
          for (Field field : all) {
            String at = path.isEmpty() ? field.name : path + "." + field.name;
            Optional<JsonNode> found = present(value, field.name);
            if (found.isPresent()) {
              field.shape.check.check(at, found.get(), findings);
            } else if (field.required) {
              findings.add(at, " is required");
            }
          }
        });
  }

  /** Either this shape or text of at most {@code maxChars}. */
  Shape orText(int maxChars) {
    Shape text = text(maxChars);
    return new Shape(
        (path, value, findings) ->
            (value.isString() ? text : this).check.check(path, value, findings));
  }

  /** A field that must be there. */
  public static Field required(String name, Shape shape) {
    return new Field(name, shape, true);
  }

  /** A field that may be absent or null. */
  public static Field optional(String name, Shape shape) {
    return new Field(name, shape, false);
  }

  /**
   * Returns this shape with one more rule over the whole value, asked only where the shape itself
   * is met; the rule returns a sentence, or null for nothing wrong.
   */
  public Shape with(String field, Function<JsonNode, @Nullable String> rule) {
    return new Shape(
        (path, value, findings) -> {
          int before = findings.list.size();
          check.check(path, value, findings);
          if (findings.list.size() == before) {
            String wrong = rule.apply(value);
            if (wrong != null) {
              findings.addWhole(path.isEmpty() ? field : path + "." + field, wrong);
            }
          }
        });
  }

  /** Returns the field of {@code json} unless it is absent or null. */
  public static Optional<JsonNode> present(JsonNode json, String field) {
    return Optional.ofNullable(json.get(field)).filter(found -> !found.isNull());
  }

  static boolean isWebUrl(String text) {
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme();
      return scheme != null
          && (scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("http"))
          && uri.getRawAuthority() != null
          && uri.getRawUserInfo() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean malformed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || Character.isLowSurrogate(c)) {
        return true;
      }
      if (Character.isHighSurrogate(c)) {
        i++;
        if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
          return true;
        }
      }
    }
    return false;
  }

  private static @Nullable String anything(String text) {
    return null;
  }

  private static String quote(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> '"' + cut(withoutUserInfo(value.stringValue())) + '"';
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      default -> cut(value.toString());
    };
  }

  /** A refused URL may carry a password, and the refusal ends in a log. */
  private static String withoutUserInfo(String text) {
    int at = text.lastIndexOf('@');
    int scheme = text.indexOf("://");
    return scheme >= 0 && at > scheme ? text.substring(0, scheme + 3) + text.substring(at) : text;
  }

  private static String cut(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(MAX_QUOTED)
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .forEach(shown::appendCodePoint);
    return shown.length() < text.length() ? shown + "..." : shown.toString();
  }

  /** A named field of an object. */
  public static final class Field {
    private final String name;
    private final Shape shape;
    private final boolean required;

    private Field(String name, Shape shape, boolean required) {
      this.name = name;
      this.shape = shape;
      this.required = required;
    }
  }

  @FunctionalInterface
  private interface Check {
    void check(String path, JsonNode value, Findings findings);
  }

  private static final class Findings {
    private final List<Violation> list = new ArrayList<>();

    boolean hasRoom() {
      return list.size() < MAX_VIOLATIONS;
    }

    void add(String path, String predicate) {
      addWhole(path, (path.isEmpty() ? "The value" : "'" + path + "'") + predicate);
    }

    void addWhole(String path, String sentence) {
      if (hasRoom()) {
        list.add(new Violation(path, sentence));
      }
    }
  }
}
