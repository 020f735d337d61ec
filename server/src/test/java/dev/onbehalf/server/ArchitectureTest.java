package dev.onbehalf.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keeps every room of the server to the doors it may use. */
class ArchitectureTest {
  private static final String SERVER = "dev.onbehalf.server";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(SERVER);

  private static final String ROOMS =
      """
      config   |
      store    | config
      audit    | config store
      web      | config
      people   | config store audit web
      access   | config people web
      policy   | config store audit people access
      provider | config store audit people access web
      gateway  | config audit people access policy web
      link     | config store audit people access web
      relay    | config store audit web
      receive  | config store audit people web
      build    | config store people access policy web
      outgoing | config store audit people access policy web build
      diagnosis | config access
      monitor  | config store audit
      jira     | config store audit people web receive link outgoing access
      """;

  @ParameterizedTest
  @CsvSource(textBlock = ROOMS, delimiter = '|', ignoreLeadingAndTrailingWhitespace = true)
  void roomWhenItUsesAnotherThenThroughAnAllowedDoor(String room, String doors) {
    String[] allowed =
        Stream.concat(
                Stream.of(room), doors == null ? Stream.of() : Stream.of(doors.split(" ", -1)))
            .map(name -> SERVER + "." + name + "..")
            .toArray(String[]::new);

    classes()
        .that()
        .resideInAPackage(SERVER + "." + room + "..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(allowed)
                .or(resideOutsideOfPackage(SERVER + ".."))
                .as("are in a room it may use"))
        .check(CLASSES);
  }

  @Test
  void roomsWhenListedThenEveryPackageIsAmongThem() {
    Set<String> listed =
        ROOMS.lines().map(line -> line.split("\\|", -1)[0].strip()).collect(Collectors.toSet());
    listed.add("admin");
    Set<String> found =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> name.startsWith(SERVER + "."))
            .map(name -> name.substring(SERVER.length() + 1).split("\\.", -1)[0])
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(found).isSubsetOf(listed);
  }

  @Test
  void httpServerWhenUsedThenOnlyByTheListeners() {
    noClasses()
        .that()
        .resideOutsideOfPackages(SERVER + ".gateway..", SERVER + ".web..", SERVER + ".admin..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.jetty..")
        .check(CLASSES);
  }

  @Test
  void javaSerialisationWhenTemptingThenNotUsed() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .check(CLASSES);
  }
}
