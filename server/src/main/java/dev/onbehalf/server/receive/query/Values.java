package dev.onbehalf.server.receive.query;

import dev.onbehalf.delivery.IssueKeys;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/** Reads the values of a query as they are compared. */
final class Values {
  private static final int LONGEST_NAME = 520;
  private static final int MOST_DIGITS = 18;
  private static final int MOST_DIGITS_OF_AGE = 6;
  private static final String TIMES =
      " is not a time; write -7d, -12h or -30m, or 2026-01-31, or 2026-01-31T09:00:00Z.";

  private final Instant now;

  Values(Instant now) {
    this.now = now;
  }

  /** Reads a value for {@code =} or a list. */
  String read(Field field, Token token) {
    String text = token.text();
    return switch (field) {
      case KIND -> kind(token);
      case ISSUE -> issue(token);
      case PROJECT -> project(token);
      case STATE, ENVIRONMENT_TYPE -> word(field, token);
      case NUMBER, BUILD_NUMBER -> Long.toString(number(field, token));
      case CURRENT -> Boolean.toString(truth(token));
      case UPDATED -> Long.toString(time(token));
      case PIPELINE, ENVIRONMENT, SENDER -> {
        if (text.isBlank() || text.length() > LONGEST_NAME) {
          throw QueryFault.at(
              token, "a name has 1 to " + LONGEST_NAME + " characters; write the whole of it.");
        }
        yield text.toLowerCase(Locale.ROOT);
      }
    };
  }

  private static String kind(Token token) {
    return switch (token.text().toLowerCase(Locale.ROOT)) {
      case "build", "builds" -> "builds";
      case "deployment", "deployments" -> "deployments";
      default ->
          throw QueryFault.at(
              token,
              token.shown()
                  + " is not a kind; take build or deployment."
                  + Nearest.hint(token.text(), Field.KIND.words()));
    };
  }

  private static String issue(Token token) {
    String key = token.text().toUpperCase(Locale.ROOT);
    if (!IssueKeys.isKey(key)) {
      throw QueryFault.at(token, token.shown() + " is not the key of an issue, such as ABC-12.");
    }
    return key;
  }

  private static String project(Token token) {
    String key = token.text().toUpperCase(Locale.ROOT);
    if (!IssueKeys.isKey(key + "-1")) {
      throw QueryFault.at(token, token.shown() + " is not the key of a project, such as ABC.");
    }
    return key;
  }

  private static String word(Field field, Token token) {
    String word = token.text().toLowerCase(Locale.ROOT).replace(' ', '_').replace('-', '_');
    if (!field.words().contains(word)) {
      throw QueryFault.at(
          token,
          token.shown()
              + (field == Field.STATE ? " is not a state" : " is not a type of environment")
              + "; take one of "
              + String.join(", ", field.words())
              + "."
              + Nearest.hint(word, field.words()));
    }
    return word;
  }

  long number(Field field, Token token) {
    String text = token.text();
    if (text.isEmpty()
        || text.length() > MOST_DIGITS
        || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw QueryFault.at(
          token, token.shown() + " is not a number, as " + field.word() + " takes them.");
    }
    return Long.parseLong(text);
  }

  boolean truth(Token token) {
    return switch (token.text().toLowerCase(Locale.ROOT)) {
      case "true", "yes" -> true;
      case "false", "no" -> false;
      default ->
          throw QueryFault.at(token, "true or false was expected, not " + token.shown() + ".");
    };
  }

  /** Reads a time as milliseconds since 1970; a day is its beginning, in UTC. */
  long time(Token token) {
    String text = token.text();
    try {
      Instant time =
          text.startsWith("-")
              ? now.minusSeconds(age(token))
              : text.indexOf('T') > 0
                  ? instant(text)
                  : text.indexOf(' ') > 0
                      ? LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC)
                      : LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
      return Math.max(0, time.toEpochMilli());
    } catch (DateTimeException | ArithmeticException e) {
      throw QueryFault.at(token, token.shown() + TIMES);
    }
  }

  private static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }
  }

  private static long age(Token token) {
    String text = token.text();
    int unit =
        switch (text.charAt(text.length() - 1)) {
          case 'm' -> 60;
          case 'h' -> 3_600;
          case 'd' -> 86_400;
          case 'w' -> 604_800;
          default -> throw QueryFault.at(token, token.shown() + TIMES);
        };
    String digits = text.substring(1, text.length() - 1);
    if (digits.isEmpty()
        || digits.length() > MOST_DIGITS_OF_AGE
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw QueryFault.at(token, token.shown() + TIMES);
    }
    return Long.parseLong(digits) * unit;
  }
}
