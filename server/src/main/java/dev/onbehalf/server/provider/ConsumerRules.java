package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.SignatureMethod;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What makes a consumer record valid; each fault is one sentence. */
final class ConsumerRules {
  private static final int LONGEST_KEY = 255;
  private static final int LONGEST_NAME = 100;
  private static final int LONGEST_DESCRIPTION = 1000;
  private static final int MOST_LIVE = 2;
  private static final int MOST_LISTED = 50;
  private static final Pattern KEY = Pattern.compile("[0-9A-Za-z][0-9A-Za-z_:.-]*");
  private static final Pattern APPLICATION = Pattern.compile("[0-9A-Za-z-]{1,100}");

  private ConsumerRules() {}

  static void check(String key, String name, String description) {
    requireKey(key);
    requirePlain("name", name, LONGEST_NAME);
    if (name.isBlank()) {
      throw new IllegalArgumentException("The name of the consumer is missing.");
    }
    requirePlain("description", description, LONGEST_DESCRIPTION);
  }

  static void requireKey(String key) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("The consumer key is missing.");
    }
    if (key.length() > LONGEST_KEY) {
      throw new IllegalArgumentException(
          "The consumer key is longer than " + LONGEST_KEY + " characters.");
    }
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "The consumer key may hold letters, digits and - _ : . and starts with a letter or"
              + " digit.");
    }
  }

  static void checkCredentials(
      SignatureMethod method, List<ConsumerPublicKey> keys, List<ConsumerSecret> secrets) {
    if (method.isRsa()) {
      if (keys.isEmpty()) {
        throw new IllegalArgumentException(
            "A consumer that signs by " + method.parameterValue() + " needs a public key.");
      }
      if (!secrets.isEmpty()) {
        throw new IllegalArgumentException(
            "A consumer that signs by "
                + method.parameterValue()
                + " takes no shared secret; choose HMAC-SHA1 or HMAC-SHA256 for that.");
      }
    } else {
      if (secrets.isEmpty()) {
        throw new IllegalArgumentException(
            "A consumer that signs by " + method.parameterValue() + " needs a shared secret.");
      }
      if (!keys.isEmpty()) {
        throw new IllegalArgumentException(
            "A consumer that signs by "
                + method.parameterValue()
                + " takes no public key; choose RSA-SHA1 or RSA-SHA256 for that.");
      }
    }
    if (keys.size() > MOST_LIVE || secrets.size() > MOST_LIVE) {
      throw new IllegalArgumentException(
          "A consumer has at most two live keys or secrets; retire one first.");
    }
  }

  static void checkLevels(boolean twoLegged, @Nullable String executeAs) {
    if (twoLegged && (executeAs == null || executeAs.isEmpty())) {
      throw new IllegalArgumentException(
          "Two-legged requests need the user they run as; nothing runs as nobody.");
    }
    if (!twoLegged && executeAs != null) {
      throw new IllegalArgumentException(
          "A user to run as is of use only where two-legged requests are allowed.");
    }
  }

  static void checkLists(List<CallbackUrl> callbacks, Set<String> applications) {
    if (callbacks.size() > MOST_LISTED || applications.size() > MOST_LISTED) {
      throw new IllegalArgumentException(
          "A consumer lists at most " + MOST_LISTED + " callbacks and applications.");
    }
    if (new HashSet<>(callbacks).size() != callbacks.size()) {
      throw new IllegalArgumentException("A callback is listed twice.");
    }
    for (String application : applications) {
      if (!APPLICATION.matcher(application).matches()) {
        throw new IllegalArgumentException(
            "'" + application + "' cannot be the name of an application.");
      }
    }
  }

  /** Refuses what could make a page or a log line say something else than it holds. */
  static void requirePlain(String what, String text, int longest) {
    if (text.length() > longest) {
      throw new IllegalArgumentException(
          "The " + what + " is longer than " + longest + " characters.");
    }
    boolean hidden =
        text.codePoints()
            .anyMatch(
                c ->
                    switch (Character.getType(c)) {
                      case Character.CONTROL,
                          Character.FORMAT,
                          Character.SURROGATE,
                          Character.LINE_SEPARATOR,
                          Character.PARAGRAPH_SEPARATOR ->
                          true;
                      default -> false;
                    });
    if (hidden) {
      throw new IllegalArgumentException(
          "The " + what + " must not hold control or direction characters.");
    }
  }
}
