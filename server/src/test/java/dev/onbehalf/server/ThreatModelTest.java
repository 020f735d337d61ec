package dev.onbehalf.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The threat model names only tests that exist, in whichever module. */
class ThreatModelTest {
  private static final Path PAGE = Path.of("..", "docs", "threat-model.md");
  private static final List<String> MODULES =
      List.of("oauth1", "applinks", "server", "cli", "acceptance");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)(?:#(\\w+))?`");

  @Test
  void attacksWhenTheyNameATestThenItExists() throws IOException {
    List<MatchResult> named = TEST.matcher(Files.readString(PAGE)).results().toList();
    Map<String, String> sources = sources();

    TreeSet<String> missing = new TreeSet<>();
    for (MatchResult test : named) {
      String source = sources.getOrDefault(test.group(1), "");
      if (source.isEmpty()
          || (test.group(2) != null && !source.contains(" " + test.group(2) + "("))) {
        missing.add(test.group());
      }
    }

    assertThat(missing).isEmpty();
    assertThat(named).hasSizeGreaterThan(70);
  }

  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "test", "java"))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String name = String.valueOf(file.getFileName()).replace(".java", "");
          sources.merge(name, Files.readString(file), String::concat);
        }
      }
    }
    return sources;
  }
}
