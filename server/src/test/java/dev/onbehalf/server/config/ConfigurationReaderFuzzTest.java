package dev.onbehalf.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is written, reading ends with a configuration or with sentences that name their place,
 * what is printed reads back as the same configuration, and no secret shows. The corpus runs with
 * every build; {@code JAZZER_FUZZ=1} goes on from it.
 */
final class ConfigurationReaderFuzzTest {
  private static final String SECRET = "fuzz-secret";
  private static final Pattern IN_ITS_PLACE = Pattern.compile(" *(password|secret): " + SECRET);
  private static final String ENVIRONMENT = "#env ";
  private static final String FLAG = "#set ";

  @TempDir Path directory;

  @FuzzTest
  void readWhenAnythingIsWrittenThenConfigurationOrFaults(byte[] input) throws IOException {
    String text = new String(input, StandardCharsets.UTF_8);
    Path file = Files.write(directory.resolve("onbehalf.yaml"), input);
    Map<String, String> environment = new HashMap<>();
    List<String> flags = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (line.startsWith(ENVIRONMENT) && equals > 0) {
        environment.put(line.substring(ENVIRONMENT.length(), equals), line.substring(equals + 1));
      } else if (line.startsWith(FLAG)) {
        flags.add(line.substring(FLAG.length()));
      }
    }
    String shown;
    try {
      EffectiveConfiguration read = ConfigurationReader.read(file, environment, flags);
      shown = read.configuration() + read.print();
      if (read.configuration().dataDirectory().isAbsolute()
          && read.configuration().people().usersFile().isAbsolute()
          && !read.print().contains("(masked)")) {
        Path printed = Files.writeString(directory.resolve("printed.yaml"), read.print());
        assertThat(ConfigurationReader.read(printed, Map.of(), List.of()).configuration())
            .isEqualTo(read.configuration());
      }
    } catch (ConfigurationException e) {
      assertThat(e.faults()).isNotEmpty().allSatisfy(fault -> assertThat(fault).contains(": "));
      shown = e.getMessage();
    }
    if (text.lines().allMatch(ConfigurationReaderFuzzTest::keepsSecretInItsPlace)) {
      assertThat(shown).doesNotContain(SECRET);
    }
  }

  private static boolean keepsSecretInItsPlace(String line) {
    return !line.contains(SECRET) || IN_ITS_PLACE.matcher(line).matches();
  }
}
