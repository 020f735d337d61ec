package dev.onbehalf.acceptance.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Every secret made during the test run. None may be found in a log, an error page or a file that
 * is not the secret's own place ({@code spec/security-cases.md}, secrets at rest).
 */
public final class Secrets {
  /** Shorter ones, such as an empty token secret, are found by chance. */
  private static final int SHORTEST = 10;

  private static final Map<String, String> NAME_BY_VALUE = new ConcurrentHashMap<>();

  private Secrets() {}

  /** Remembers a secret; answers its value. */
  public static String made(String name, String value) {
    if (value.length() >= SHORTEST) {
      NAME_BY_VALUE.putIfAbsent(value, name);
    }
    return value;
  }

  /** Remembers the lines of a private key. */
  public static String madePem(String name, String pem) {
    pem.lines().filter(line -> !line.startsWith("-")).forEach(line -> made(name, line));
    return pem;
  }

  /**
   * Looks for every secret, as it is and percent-encoded.
   *
   * @throws AssertionError naming the secret found, never its value
   */
  public static void assertAbsent(String place, String text) {
    NAME_BY_VALUE.forEach(
        (value, name) -> {
          if (text.contains(value)
              || text.contains(URLEncoder.encode(value, StandardCharsets.UTF_8))) {
            throw new AssertionError("a secret (" + name + ") is in " + place);
          }
        });
  }

  /**
   * Looks for every secret in the files below a directory.
   *
   * @param own names of the files that a secret belongs into
   * @throws AssertionError naming file and secret
   */
  public static void assertAbsent(Path directory, Set<String> own) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> found = Files.walk(directory)) {
      List<Path> files = found.filter(Files::isRegularFile).toList();
      for (Path file : files) {
        if (!own.contains(file.getFileName().toString())) {
          assertAbsent(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
