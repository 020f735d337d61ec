package dev.onbehalf.server.receive.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.onbehalf.server.receive.query.Predicate.Resolved;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/**
 * Whatever is asked, it is a query or it is refused at a place within the text; what becomes SQL is
 * made of our own words alone. The corpus runs with every build; {@code JAZZER_FUZZ=1} goes on from
 * it.
 */
final class QueryFuzzTest {
  private static final Instant NOW = Instant.parse("2026-01-08T10:00:00Z");

  @FuzzTest
  void parseWhenAnythingIsAskedThenQueryOrFault(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    try {
      ParsedQuery query = QueryParser.parse(text, NOW);
      if (query.condition() != null) {
        for (boolean ofIssues : new boolean[] {false, true}) {
          String sql =
              new Predicate(new Bindings(), new Resolved(Map.of(), Map.of(), Map.of()), ofIssues)
                  .of(query.condition());
          assertThat(sql).matches("[a-zA-Z0-9_.,:()<>=!% '*$-]*");
          assertThat(sql.replace("'successful'", "").replace("'builds'", "")).doesNotContain("'");
        }
      }
    } catch (QueryFault e) {
      assertThat(e.start()).isBetween(0, text.length());
      assertThat(e.end()).isBetween(e.start(), text.length());
      assertThat(e.sentence()).startsWith("At character ").matches("(?s).*[.?]");
    }
    for (Expected expected : QueryParser.next(text, NOW)) {
      assertThat(expected.words().isEmpty() && expected.field() == null).isFalse();
    }
  }
}
