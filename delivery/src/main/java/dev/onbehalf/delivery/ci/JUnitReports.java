package dev.onbehalf.delivery.ci;

import dev.onbehalf.delivery.TestInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Counts the tests in JUnit XML files, case by case, whatever the totals in the files say. */
public final class JUnitReports {
  private static final int MAX_DEPTH = 30;

  private long total;
  private long failed;
  private long skipped;

  private JUnitReports() {}

  /**
   * Counts the tests of the files below {@code directory} that match one of {@code globs}, {@code
   * **}{@code /TEST-*.xml} for instance. Empty where no file matches; throws {@link IOException},
   * with a sentence that names the file, where one cannot be read.
   */
  public static Optional<TestInfo> count(Path directory, List<String> globs) throws IOException {
    List<PathMatcher> matchers =
        globs.stream()
            .flatMap(
                glob ->
                    glob.startsWith("**/") ? Stream.of(glob, glob.substring(3)) : Stream.of(glob))
            .map(glob -> directory.getFileSystem().getPathMatcher("glob:" + glob))
            .toList();
    List<Path> files;
    try (Stream<Path> tree = Files.walk(directory, MAX_DEPTH, new FileVisitOption[0])) {
      files =
          tree.filter(
                  file ->
                      matchers.stream()
                          .anyMatch(
                              matcher ->
                                  matcher.matches(directory.relativize(file))
                                      || matcher.matches(file)))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
    }
    if (files.isEmpty()) {
      return Optional.empty();
    }
    JUnitReports reports = new JUnitReports();
    for (Path file : files) {
      reports.add(file);
    }
    return Optional.of(
        new TestInfo(
            reports.total,
            reports.total - reports.failed - reports.skipped,
            reports.failed,
            reports.skipped));
  }

  private void add(Path file) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setXMLResolver(
        (publicId, systemId, base, namespace) -> {
          throw new XMLStreamException("external entities are not read");
        });
    try (InputStream in = Files.newInputStream(file)) {
      XMLStreamReader reader = factory.createXMLStreamReader(in);
      try {
        count(reader);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException e) {
      throw new IOException(
          "%s is not a JUnit XML file (line %d)."
              .formatted(file, e.getLocation() == null ? 0 : e.getLocation().getLineNumber()),
          e);
    }
  }

  private void count(XMLStreamReader reader) throws XMLStreamException {
    boolean inCase = false;
    boolean broken = false;
    boolean left = false;
    while (reader.hasNext()) {
      int event = reader.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        switch (reader.getLocalName()) {
          case "testcase" -> {
            inCase = true;
            broken = false;
            left = false;
          }
          case "failure", "error" -> broken |= inCase;
          case "skipped" -> left |= inCase;
          default -> {}
        }
      } else if (event == XMLStreamConstants.END_ELEMENT
          && reader.getLocalName().equals("testcase")) {
        inCase = false;
        total++;
        if (broken) {
          failed++;
        } else if (left) {
          skipped++;
        }
      }
    }
  }
}
