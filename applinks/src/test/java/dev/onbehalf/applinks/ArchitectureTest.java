package dev.onbehalf.applinks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Keeps the library to OAuth 1.0a and the JDK, so that any program can take it. */
class ArchitectureTest {
  private static final String LIBRARY = "dev.onbehalf.applinks";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(LIBRARY);

  @Test
  void libraryWhenItUsesOthersThenOnlyOAuthAndTheJdk() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            LIBRARY + "..",
            "dev.onbehalf.oauth1",
            "java..",
            "javax.net..",
            "javax.sql..",
            "org.jspecify.annotations")
        .check(CLASSES);
  }

  @Test
  void tokensOfTypesWhenUsedThenTheyKnowNothingOfTheLibrary() {
    classes()
        .that()
        .resideInAnyPackage(LIBRARY + ".auth", LIBRARY + ".application")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            LIBRARY + ".auth", LIBRARY + ".application", "java..", "org.jspecify.annotations")
        .check(CLASSES);
  }
}
