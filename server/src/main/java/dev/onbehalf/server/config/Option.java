package dev.onbehalf.server.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing an administrator may set, declared as data: read, checked, printed and documented from
 * here.
 *
 * @param key dotted key; for an option of an application, the part behind its name
 * @param kind how its text is read
 * @param fallback text of the default; null where there is none
 * @param description one sentence for the reference
 * @param choices the texts allowed, for {@link Kind#CHOICE}
 * @param least smallest number, milliseconds or bytes allowed
 * @param most largest number, milliseconds or bytes allowed
 */
record Option(
    String key,
    Kind kind,
    @Nullable String fallback,
    String description,
    List<String> choices,
    long least,
    long most) {

  /** How a text is read. */
  enum Kind {
    TEXT("text"),
    PATH("path"),
    LISTENER("address:port"),
    DATABASE_URL("JDBC URL"),
    PUBLIC_URL("URL"),
    PUBLIC_URLS("list of URLs"),
    UPSTREAM_URL("URL"),
    ADDRESS_BLOCKS("list of IP addresses or CIDR blocks"),
    NAMES("list of names"),
    DURATION("duration"),
    SIZE("size"),
    COUNT("number"),
    HEADER_NAME("header name"),
    CHOICE("one of"),
    SECRET("secret");

    final String title;

    Kind(String title) {
      this.title = title;
    }

    boolean list() {
      return this == PUBLIC_URLS || this == ADDRESS_BLOCKS || this == NAMES;
    }
  }

  static Option of(String key, Kind kind, @Nullable String fallback, String description) {
    return new Option(key, kind, fallback, description, List.of(), 0, 0);
  }

  static Option choice(String key, String fallback, String description, String... choices) {
    return new Option(key, Kind.CHOICE, fallback, description, List.of(choices), 0, 0);
  }

  static Option duration(
      String key, @Nullable String fallback, String least, String most, String description) {
    return new Option(
        key,
        Kind.DURATION,
        fallback,
        description,
        List.of(),
        Durations.parse(least).toMillis(),
        Durations.parse(most).toMillis());
  }

  static Option size(String key, String fallback, String least, String most, String description) {
    return new Option(
        key, Kind.SIZE, fallback, description, List.of(), Sizes.parse(least), Sizes.parse(most));
  }

  static Option count(String key, String fallback, long least, long most, String description) {
    return new Option(key, Kind.COUNT, fallback, description, List.of(), least, most);
  }

  boolean secret() {
    return kind == Kind.SECRET;
  }
}
