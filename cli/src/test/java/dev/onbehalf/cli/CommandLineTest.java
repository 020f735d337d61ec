package dev.onbehalf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What a person at the terminal gets without a server. */
class CommandLineTest {
  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''             | 2 | Which command?
          srve           | 2 | Unmatched argument
          user           | 2 | user: add
          user add       | 2 | NAME
          config         | 2 | config: check
          consumer       | 2 | consumer: add
          token revoke   | 2 | ID
          """)
  void executeWhenCommandLineIsWrongThenUsage(String line, int exitCode, String contains) {
    assertThat(run(line.isEmpty() ? new String[0] : line.split(" ", -1))).isEqualTo(exitCode);
    assertThat(err.toString()).contains(contains);
  }

  @ParameterizedTest
  @CsvSource({"--help", "user --help", "consumer add --help", "serve --help", "jira --help"})
  void executeWhenAskedForHelpThenHelpIsPrinted(String line) {
    assertThat(run(line.split(" ", -1))).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("Usage: onbehalf");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void executeWhenConfigurationHasFaultsThenEachIsSaid() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("onbehalf.yaml"),
            """
            listn: 127.0.0.1:1
            applications:
              jenkins:
                public-url: https://ci.example.com
                upstream: not a url
            """);

    assertThat(run("config", "check", "--config", file.toString()))
        .isEqualTo(ExitCode.CONFIGURATION);
    assertThat(err.toString()).contains("listn", "listen").contains("upstream");
  }

  @Test
  void executeWhenConfigurationIsSoundThenItIsSaid() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("onbehalf.yaml"),
            """
            data: %s
            applications:
              jenkins:
                public-url: https://ci.example.com
                upstream: http://127.0.0.1:8080
                secret: never-print-this-secret
            """
                .formatted(directory.resolve("data")));

    assertThat(run("config", "check", "--config", file.toString())).isEqualTo(ExitCode.OK);
    assertThat(run("config", "print", "--config", file.toString())).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("sound: 1 application").doesNotContain("never-print");
  }

  @Test
  void executeWhenNoServerHasRunHereThenUnreachable() {
    assertThat(run("consumer", "list", "--set", "data=" + directory.resolve("data")))
        .isEqualTo(ExitCode.UNREACHABLE);
    assertThat(err.toString()).contains("onbehalf serve");
  }

  @Test
  void doctorWhenNoServerHasRunHereThenTheConfigurationIsLookedAtAllTheSame() {
    assertThat(
            run(
                "doctor",
                "--set",
                "data=" + directory.resolve("data"),
                "--set",
                "trusted-proxies=0.0.0.0/0"))
        .isEqualTo(ExitCode.UNREACHABLE);
    assertThat(err.toString()).contains("onbehalf serve");
    assertThat(out.toString())
        .startsWith("FAULT  option trusted-proxies: Every address is trusted")
        .contains("  To do:  List the addresses")
        .endsWith("1 fault, 0 warnings, 0 notes, 0 fine." + System.lineSeparator());
  }

  private int run(String... args) {
    CommandLine commandLine = Main.commandLine(args);
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(args);
  }
}
