package dev.onbehalf.server.store;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings the schema up to date. Flyway is started only when a migration is missing: comparing the
 * version numbers first takes milliseconds, Flyway most of a second.
 */
final class SchemaMigrator {
  private static final String LOCATION = "db/migration";
  private static final String HISTORY = "schema_history";
  private static final Pattern SCRIPT = Pattern.compile("V([0-9]+)__[A-Za-z0-9_]+\\.sql");

  private SchemaMigrator() {}

  static void migrate(DataSource dataSource) {
    SortedSet<Integer> known = known();
    SortedSet<Integer> applied = applied(dataSource);
    if (applied.equals(known)) {
      return;
    }
    SortedSet<Integer> unknown = new TreeSet<>(applied);
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new StoreException(
          "The database was migrated by a newer version of Onbehalf (schema V"
              + unknown.last()
              + ", this version knows up to V"
              + known.last()
              + "); start that version, or restore a backup.");
    }
    try {
      Flyway.configure()
          .dataSource(dataSource)
          .locations("classpath:" + LOCATION)
          .table(HISTORY)
          .outOfOrder(true)
          .baselineOnMigrate(false)
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new StoreException(
          "The database schema cannot be migrated; the cause follows: " + e.getMessage(), e);
    }
  }

  private static SortedSet<Integer> applied(DataSource dataSource) {
    SortedSet<Integer> versions = new TreeSet<>();
    try (Connection connection = dataSource.getConnection()) {
      if (!historyExists(connection)) {
        return versions;
      }
      try (Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "SELECT \"version\" FROM "
                      + '"'
                      + HISTORY
                      + '"'
                      + " WHERE \"success\" AND \"version\" IS NOT NULL")) {
        while (rows.next()) {
          versions.add(Integer.parseInt(rows.getString(1)));
        }
      }
      return versions;
    } catch (SQLException e) {
      throw new StoreException("The version of the database schema cannot be read.", e);
    }
  }

  private static boolean historyExists(Connection connection) throws SQLException {
    try (ResultSet tables =
        connection.getMetaData().getTables(null, connection.getSchema(), HISTORY, null)) {
      return tables.next();
    }
  }

  /** The versions on the class path. */
  static SortedSet<Integer> known() {
    SortedSet<Integer> versions = new TreeSet<>(Comparator.naturalOrder());
    try {
      Enumeration<URL> roots = SchemaMigrator.class.getClassLoader().getResources(LOCATION);
      while (roots.hasMoreElements()) {
        addVersions(roots.nextElement(), versions);
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("The migrations on the class path cannot be listed.", e);
    }
    if (versions.isEmpty()) {
      throw new IllegalStateException("No migrations are on the class path.");
    }
    return versions;
  }

  private static void addVersions(URL root, SortedSet<Integer> versions)
      throws IOException, URISyntaxException {
    URLConnection connection = root.openConnection();
    if (connection instanceof JarURLConnection jar) {
      Enumeration<JarEntry> entries = jar.getJarFile().entries();
      while (entries.hasMoreElements()) {
        String name = entries.nextElement().getName();
        if (name.startsWith(LOCATION + "/")) {
          addVersion(name.substring(LOCATION.length() + 1), versions);
        }
      }
      return;
    }
    URI uri = root.toURI();
    try (Stream<Path> files = Files.list(Path.of(uri))) {
      files.forEach(file -> addVersion(String.valueOf(file.getFileName()), versions));
    }
  }

  private static void addVersion(String fileName, SortedSet<Integer> versions) {
    Matcher matcher = SCRIPT.matcher(fileName);
    if (matcher.matches()) {
      versions.add(Integer.parseInt(matcher.group(1)));
    }
  }
}
