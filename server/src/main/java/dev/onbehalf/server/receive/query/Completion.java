package dev.onbehalf.server.receive.query;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * A word that can stand next in a query.
 *
 * @param word the word, in quotes where it needs them
 * @param start offset of the first character it replaces
 * @param end offset after the last character it replaces, where the cursor is
 */
public record Completion(String word, int start, int end) {
  /** How many are offered at once. */
  static final int MOST = 25;

  private static final Set<String> RESERVED = Set.of("and", "or", "not", "in", "order");

  /** Returns the text with the word in its place, and a space after it. */
  public String applied(String text) {
    String rest = text.substring(end);
    return text.substring(0, start) + word + (rest.startsWith(" ") ? "" : " ") + rest;
  }

  /** The word before the cursor as far as it is written. */
  private record Begun(String text, int start) {
    static Begun of(String before) {
      List<Token> tokens;
      try {
        tokens = Token.of(before);
      } catch (QueryFault e) {
        return e.start() < before.length()
            ? new Begun(before.substring(e.start() + 1), e.start())
            : new Begun("", before.length());
      }
      Token last = tokens.size() > 1 ? tokens.get(tokens.size() - 2) : tokens.get(0);
      return last.kind() == Token.Kind.WORD && last.end() == before.length()
          ? new Begun(last.text(), last.start())
          : new Begun("", before.length());
    }
  }

  static List<Completion> of(String text, int cursor, Names names, Instant now) {
    String before = text.substring(0, cursor);
    Begun begun = Begun.of(before);
    Set<String> words = new LinkedHashSet<>();
    Set<String> values = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (Expected expected : QueryParser.next(before.substring(0, begun.start()), now)) {
      words.addAll(expected.words());
      if (expected.field() != null) {
        values.addAll(values(expected.field(), names));
      }
    }
    List<Completion> found = new ArrayList<>();
    add(words, begun, cursor, false, found);
    add(values, begun, cursor, true, found);
    return found;
  }

  private static void add(
      Set<String> candidates, Begun begun, int cursor, boolean names, List<Completion> found) {
    String wanted = begun.text().toLowerCase(Locale.ROOT);
    for (String candidate : candidates) {
      String folded = candidate.toLowerCase(Locale.ROOT);
      if (found.size() < MOST
          && (names ? folded.contains(wanted) : folded.startsWith(wanted))
          && !candidate.isBlank()) {
        found.add(new Completion(names ? quoted(candidate) : candidate, begun.start(), cursor));
      }
    }
  }

  private static Set<String> values(Field field, Names names) {
    return switch (field) {
      case ENVIRONMENT -> names.listedEnvironments();
      case PIPELINE -> names.listedPipelines();
      case SENDER -> Set.copyOf(names.allSenders().values());
      case UPDATED -> Set.of("-1d", "-7d", "-30d");
      default -> Set.of();
    };
  }

  private static String quoted(String value) {
    boolean plain =
        value.chars().allMatch(c -> Character.isLetterOrDigit(c) || "-_./:#+@".indexOf(c) >= 0)
            && !RESERVED.contains(value.toLowerCase(Locale.ROOT));
    return plain ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
