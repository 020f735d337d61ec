package dev.onbehalf.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class RequestIdsTest {

  @Test
  void nextWhenManyThenDistinctAndOfOneLength() {
    assertThat(Stream.generate(RequestIds::next).limit(1_000).toList())
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("[0-9a-f]{20}"));
  }

  @Test
  void ofWhenLaterThenSortedBehind() {
    assertThat(RequestIds.of(1_769_850_000_000L, -1L)).isEqualTo("19c1347d280fffffffff");
    assertThat(RequestIds.of(1_769_850_000_001L, 0))
        .isGreaterThan(RequestIds.of(1_769_850_000_000L, -1L));
  }
}
