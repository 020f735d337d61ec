package dev.onbehalf.acceptance.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every secret made during the test run. None may be found in a log, an error page, a row or a file
 * that is not the secret's own place ({@code docs/threat-model.md}, attacks 67 and 69).
 */
public final class Secrets {
  /** Shorter ones, such as an empty token secret, are found by chance. */
  private static final int SHORTEST = 10;

  private static final Pattern ESCAPE = Pattern.compile("%[0-9A-F]{2}");

  private static final Set<String> VALUES = ConcurrentHashMap.newKeySet();

  /** What to look for, by the hash of its first {@link #SHORTEST} characters. */
  private static final Map<Integer, Queue<Form>> FORMS = new ConcurrentHashMap<>();

  private Secrets() {}

  /** A secret as it may be written. */
  private record Form(String name, String text) {}

  /** Remembers a secret; answers its value. */
  public static String made(String name, String value) {
    if (value.length() >= SHORTEST && VALUES.add(value)) {
      for (String text : forms(value)) {
        FORMS
            .computeIfAbsent(
                text.substring(0, SHORTEST).hashCode(), hash -> new ConcurrentLinkedQueue<>())
            .add(new Form(name, text));
      }
    }
    return value;
  }

  /** Remembers the lines of a private key. */
  public static String madePem(String name, String pem) {
    pem.lines().filter(line -> !line.startsWith("-")).forEach(line -> made(name, line));
    return pem;
  }

  /**
   * Looks for every secret: as it is, percent-encoded (RFC 3986 and forms, in capitals and small
   * letters), and in Base64 of both alphabets (RFC 4648) wherever in the encoded text it starts.
   *
   * @throws AssertionError naming the secret found, never its value
   */
  public static void assertAbsent(String place, String text) {
    int leaving = 1;
    for (int i = 1; i < SHORTEST; i++) {
      leaving *= 31;
    }
    int hash = 0;
    for (int end = 0; end < text.length(); end++) {
      if (end >= SHORTEST) {
        hash -= text.charAt(end - SHORTEST) * leaving;
      }
      hash = hash * 31 + text.charAt(end);
      Queue<Form> candidates = FORMS.get(hash);
      if (end >= SHORTEST - 1 && candidates != null) {
        for (Form form : candidates) {
          if (text.startsWith(form.text, end - SHORTEST + 1)) {
            throw new AssertionError("a secret (" + form.name + ") is in " + place);
          }
        }
      }
    }
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

  /**
   * Looks for every secret in every row of every table of a PostgreSQL database.
   *
   * @return how many rows there are
   * @throws AssertionError naming table and secret
   */
  public static int assertAbsentFromTables(String jdbcUrl) {
    try (Connection connection = DriverManager.getConnection(jdbcUrl)) {
      int rows = 0;
      for (String table : tables(connection)) {
        try (Statement statement = connection.createStatement();
            ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
          while (row.next()) {
            rows++;
            assertAbsent("a row of " + table, text(row));
          }
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new AssertionError("The tables cannot be read.", e);
    }
  }

  private static List<String> tables(Connection connection) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
                    + " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")) {
      while (row.next()) {
        tables.add(row.getString(1));
      }
    }
    return tables;
  }

  /** Binary columns count byte by byte, not as the digits PostgreSQL shows. */
  private static String text(ResultSet row) throws SQLException {
    StringBuilder text = new StringBuilder();
    for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
      if (row.getObject(column) instanceof byte[] bytes) {
        text.append(new String(bytes, StandardCharsets.ISO_8859_1));
      } else {
        text.append(row.getString(column));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static Set<String> forms(String value) {
    Set<String> forms = new LinkedHashSet<>();
    forms.add(value);
    String form = URLEncoder.encode(value, StandardCharsets.UTF_8);
    String percent = form.replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
    for (String encoded : List.of(form, percent)) {
      forms.add(encoded);
      forms.add(
          ESCAPE.matcher(encoded).replaceAll(found -> found.group().toLowerCase(Locale.ROOT)));
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      // Of the characters that hold a bit of what stands before or after, nothing is known.
      int from = (before * 8 + 5) / 6;
      int to = shifted.length * 8 / 6;
      forms.add(Base64.getEncoder().encodeToString(shifted).substring(from, to));
      forms.add(Base64.getUrlEncoder().encodeToString(shifted).substring(from, to));
    }
    return forms;
  }
}
