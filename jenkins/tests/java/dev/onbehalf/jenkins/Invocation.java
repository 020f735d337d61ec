package dev.onbehalf.jenkins;

import java.io.IOException;
import java.io.Reader;
import java.io.StreamTokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One call of the command line by the library: what it was asked, in which environment. */
record Invocation(
    List<String> words, List<String> options, Map<String, String> env, String shell, String line) {

  static Invocation of(Map<String, String> env, String shell, String line) throws IOException {
    List<String> words = new ArrayList<>();
    List<String> options = new ArrayList<>();
    for (String argument : argumentsIn(Path.of(env.get("ONBEHALF_ARGUMENTS")))) {
      (argument.startsWith("--") ? options : words).add(argument);
    }
    return new Invocation(List.copyOf(words), List.copyOf(options), Map.copyOf(env), shell, line);
  }

  /** The values of one option, in order. */
  List<String> option(String name) {
    String prefix = "--" + name + "=";
    return options.stream()
        .filter(o -> o.startsWith(prefix))
        .map(o -> o.substring(prefix.length()))
        .toList();
  }

  boolean flag(String name) {
    return options.contains("--" + name);
  }

  /** Reads an argument file by the rules of picocli. */
  private static List<String> argumentsIn(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      StreamTokenizer tokens = new StreamTokenizer(reader);
      tokens.resetSyntax();
      tokens.wordChars(' ', 255);
      tokens.whitespaceChars(0, ' ');
      tokens.quoteChar('"');
      tokens.quoteChar('\'');
      tokens.commentChar('#');
      List<String> arguments = new ArrayList<>();
      while (tokens.nextToken() != StreamTokenizer.TT_EOF) {
        arguments.add(tokens.sval);
      }
      return arguments;
    }
  }
}
