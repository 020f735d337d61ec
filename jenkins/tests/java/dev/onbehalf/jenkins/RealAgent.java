package dev.onbehalf.jenkins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An agent that runs what `sh` and `bat` are given: the one with the shell of this machine, the
 * other with as much of cmd.exe as the library's lines need (variables, quotes, {@code @} and one
 * redirection). Keeps what the build's console would show.
 */
final class RealAgent implements PipelineBuild.Agent {
  private static final Pattern VARIABLE = Pattern.compile("%(\\w+)%");
  private static final Pattern TOKEN = Pattern.compile("(>?)(?:\"([^\"]*)\"|(\\S+))");

  private final Path directory;
  private final StringBuilder console = new StringBuilder();

  RealAgent(Path directory) {
    this.directory = directory;
  }

  String console() {
    return console.toString();
  }

  @Override
  public int run(Invocation invocation) throws IOException, InterruptedException {
    Path log = directory.resolve("console");
    ProcessBuilder builder = invocation.shell().equals("sh") ? sh(invocation) : bat(invocation);
    builder.directory(Path.of(invocation.env().get("WORKSPACE")).toFile());
    builder.environment().keySet().retainAll(List.of("PATH", "HOME"));
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().putAll(invocation.env());
    builder.redirectError(log.toFile());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("the command ends").isTrue();
    } finally {
      process.destroyForcibly();
      console.append(Files.readString(log));
    }
    return process.exitValue();
  }

  private ProcessBuilder sh(Invocation invocation) throws IOException {
    Path script = Files.writeString(directory.resolve("script.sh"), invocation.line());
    return new ProcessBuilder("sh", "-xe", script.toString())
        .redirectOutput(directory.resolve("stdout").toFile());
  }

  private static ProcessBuilder bat(Invocation invocation) {
    String line = expanded(invocation.line().substring(1), invocation.env());
    List<String> command = new ArrayList<>();
    ProcessBuilder builder = new ProcessBuilder(command);
    for (MatchResult token : TOKEN.matcher(line).results().toList()) {
      String text = token.group(2) != null ? token.group(2) : token.group(3);
      if (token.group(1).isEmpty()) {
        command.add(text);
      } else {
        builder.redirectOutput(Path.of(text).toFile());
      }
    }
    return builder;
  }

  private static String expanded(String line, Map<String, String> environment) {
    return VARIABLE
        .matcher(line)
        .replaceAll(name -> Matcher.quoteReplacement(environment.getOrDefault(name.group(1), "")));
  }
}
