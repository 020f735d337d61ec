package dev.onbehalf.delivery.ci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.delivery.TestInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JUnitReportsTest {
  @TempDir private Path workspace;

  private void write(String file, String xml) throws IOException {
    Path path = workspace.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, xml);
  }

  @Test
  void countWhenFilesMatchThenCasesAreCountedOnce() throws IOException {
    write(
        "a/target/TEST-A.xml",
        """
        <?xml version="1.0"?>
        <testsuite tests="99" failures="99">
          <testcase name="passes"><system-out>a failure</system-out></testcase>
          <testcase name="fails"><failure message="no"/><failure message="again"/></testcase>
          <testcase name="breaks"><error type="x">trace</error></testcase>
          <testcase name="left"><skipped/></testcase>
          <system-err>text</system-err>
        </testsuite>
        """);
    write(
        "TEST-B.xml",
        """
        <testsuites><testsuite><testsuite>
          <testcase name="flaky"><flakyFailure message="once"/></testcase>
        </testsuite></testsuite></testsuites>
        """);
    write("other.xml", "<testsuite><testcase/></testsuite>");
    assertThat(JUnitReports.count(workspace, List.of("**/TEST-*.xml")))
        .contains(new TestInfo(5, 2, 2, 1));
    assertThat(JUnitReports.count(workspace, List.of("a/target/*.xml", "**/TEST-A.xml")))
        .contains(new TestInfo(4, 1, 2, 1));
  }

  @Test
  void countWhenNoFileMatchesThenEmpty() throws IOException {
    assertThat(JUnitReports.count(workspace, List.of("**/TEST-*.xml"))).isEmpty();
  }

  @Test
  void countWhenFileIsBrokenThenNamesIt() throws IOException {
    write("TEST-A.xml", "<testsuite>\n<testcase>");
    assertThatThrownBy(() -> JUnitReports.count(workspace, List.of("*.xml")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("TEST-A.xml is not a JUnit XML file (line 2)");
  }

  @Test
  void countWhenEntitiesAreDeclaredThenNotExpanded() throws IOException {
    Path secret = Files.writeString(workspace.resolve("secret"), "<testcase/>");
    write(
        "TEST-external.xml",
        """
        <!DOCTYPE testsuite [<!ENTITY x SYSTEM "%s">]>
        <testsuite><testcase/>&x;</testsuite>
        """
            .formatted(secret.toUri()));
    assertThatThrownBy(() -> JUnitReports.count(workspace, List.of("TEST-external.xml")))
        .isInstanceOf(IOException.class);
    StringBuilder bomb = new StringBuilder("<!DOCTYPE testsuite [<!ENTITY a0 \"<testcase/>\">");
    for (int i = 1; i < 30; i++) {
      bomb.append("<!ENTITY a%d \"&a%d;&a%d;&a%d;\">".formatted(i, i - 1, i - 1, i - 1));
    }
    write("TEST-bomb.xml", bomb + "]><testsuite>&a29;</testsuite>");
    assertThatThrownBy(() -> JUnitReports.count(workspace, List.of("TEST-bomb.xml")))
        .isInstanceOf(IOException.class);
  }
}
