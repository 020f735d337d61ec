package dev.onbehalf.jenkins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The examples of the guide, read from the guide itself. */
final class Guide {
  /** An example under its heading; several under one heading are numbered from the second on. */
  record Example(String heading, String language, String text) {
    @Override
    public String toString() {
      return heading;
    }
  }

  private static final Pattern HEADING_OR_FENCE =
      Pattern.compile(
          "^#+ (?<heading>.+)$|^```(?<language>\\w+)\n(?<text>(?:.*\n)*?)```$", Pattern.MULTILINE);

  private Guide() {}

  static List<Example> examples(String language) throws IOException {
    List<Example> examples = new ArrayList<>();
    String heading = "";
    int count = 0;
    Matcher matcher = HEADING_OR_FENCE.matcher(text());
    while (matcher.find()) {
      if (matcher.group("heading") != null) {
        heading = matcher.group("heading").lines().findFirst().orElseThrow();
        count = 0;
      } else if (matcher.group("language").equals(language)) {
        count++;
        examples.add(
            new Example(
                count == 1 ? heading : heading + " " + count, language, matcher.group("text")));
      }
    }
    return examples;
  }

  private static String text() throws IOException {
    return Files.readString(Path.of("..", "docs", "guide-delivery-jenkins.md"));
  }
}
