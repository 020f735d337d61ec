package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The table of test cases names every case, and tests that exist. */
final class ProviderCasesTest {
  private static final Path TABLE = Path.of("..", "docs", "provider-cases.md");
  private static final Pattern TEST = Pattern.compile("`(?:(\\w+)/)?(\\w+Test)(?:#(\\w+))?`");
  private static final Pattern ROW = Pattern.compile("^\\| ([0-9, ]+) \\|.*", Pattern.MULTILINE);

  @Test
  void casesWhenReadThenEveryNumberIsThere() throws IOException {
    List<Integer> numbers =
        ROW.matcher(Files.readString(TABLE))
            .results()
            .flatMap(row -> Arrays.stream(row.group(1).split(", ", -1)))
            .map(Integer::valueOf)
            .toList();

    assertThat(numbers).containsExactlyElementsOf(IntStream.rangeClosed(1, 71).boxed().toList());
  }

  @Test
  void testsWhenNamedThenTheyExist() throws Exception {
    Matcher named = TEST.matcher(Files.readString(TABLE));
    int count = 0;
    while (named.find()) {
      String room = named.group(1) == null ? "provider" : named.group(1);
      Class<?> test = Class.forName("dev.onbehalf.server." + room + "." + named.group(2));
      if (named.group(3) != null) {
        assertThat(test.getDeclaredMethods())
            .extracting(Method::getName)
            .as(named.group())
            .contains(named.group(3));
      }
      count++;
    }
    assertThat(count).isGreaterThan(70);
  }
}
