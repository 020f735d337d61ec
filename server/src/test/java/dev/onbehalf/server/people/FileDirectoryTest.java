package dev.onbehalf.server.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.oauth1.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileDirectoryTest {
  private static final Secret PASSWORD = Secret.of("correct horse");

  @TempDir Path folder;
  private Path path;
  private UsersFile file;

  @BeforeEach
  void addAlice() throws IOException {
    path = folder.resolve("users.yaml");
    file = new UsersFile(path);
    file.add("alice", "Alice", "alice@example.com", List.of("developers"), PASSWORD);
  }

  @Test
  void authenticateWhenPasswordIsRightThenPersonWithGroups() throws IOException {
    Person alice = new FileDirectory(file).authenticate("alice", PASSWORD).orElseThrow();

    assertThat(alice.displayName()).isEqualTo("Alice");
    assertThat(alice.email()).isEqualTo("alice@example.com");
    assertThat(alice.groups()).containsExactly("developers");
    assertThat(alice.identity()).isNotEqualTo("alice").hasSize(36);
  }

  @Test
  void authenticateWhenPasswordNameOrStateIsWrongThenEmpty() throws IOException {
    FileDirectory directory = new FileDirectory(file);

    assertThat(directory.authenticate("alice", Secret.of("wrong"))).isEmpty();
    assertThat(directory.authenticate("alice", Secret.of(""))).isEmpty();
    assertThat(directory.authenticate("Alice", PASSWORD)).isEmpty();
    assertThat(directory.authenticate("nobody", PASSWORD)).isEmpty();

    file.edit("alice", FileDirectoryTest::deactivated, null);
    directory.refresh();
    assertThat(directory.authenticate("alice", PASSWORD)).isEmpty();
    assertThat(directory.find("alice")).map(Person::active).contains(false);
  }

  @Test
  void readWhenWrittenThenPrivateAndWithoutClearPasswords() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(path)).contains("$argon2id$").doesNotContain("correct horse");
    assertThat(folder).isDirectoryContaining(found -> found.equals(path));
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void removeWhenNameIsGivenAgainThenAnotherIdentity() throws IOException {
    String before = new FileDirectory(file).find("alice").orElseThrow().identity();
    file.remove("alice");
    file.add("alice", "Another Alice", null, List.of(), PASSWORD);

    assertThat(new FileDirectory(file).find("alice").orElseThrow().identity()).isNotEqualTo(before);
  }

  @Test
  void editWhenGroupsAndPasswordChangeThenBothHold() throws IOException {
    file.edit(
        "alice",
        person ->
            new Person(
                person.name(),
                person.identity(),
                person.displayName(),
                person.email(),
                Set.of("a", "b"),
                true),
        Secret.of("another"));
    FileDirectory directory = new FileDirectory(file);

    assertThat(directory.authenticate("alice", PASSWORD)).isEmpty();
    assertThat(directory.authenticate("alice", Secret.of("another")).orElseThrow().groups())
        .containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void findWhenFileBecomesDamagedThenLastGoodPeopleStay() throws IOException {
    FileDirectory directory = new FileDirectory(file);
    Files.writeString(path, "users: [");
    directory.refresh();

    assertThat(directory.find("alice")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "users: [",
        "users: {alice: {password: plain}}",
        "users: {alice: {pasword: $argon2id$x}}",
        "users: {'a|b': {password: $argon2id$x}}",
        "users: {alice: {password: $argon2id$x}, alice: {password: $argon2id$y}}",
        "users: {SYSTEM: {password: $argon2id$x}}",
        "users: {alice: {password: $argon2id$x}, Alice: {password: $argon2id$y}}",
        "users: {alice: {password: $argon2id$x, active: no}}",
        "users: {alice: {password: $argon2id$x, groups: administrators}}",
        "users: {alice: }",
        "users: [alice]",
        "users: alice",
        "user: {alice: {password: $argon2id$x}}",
        "{users: {}, groups: {}}",
        "alice"
      })
  void openWhenFileIsDamagedThenOneSentence(String text) throws IOException {
    Files.writeString(path, text);

    assertThatThrownBy(() -> new FileDirectory(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("The users file " + path + " is damaged: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nobody yet", "users:", "users: {}", "{}"})
  void openWhenFileHoldsNobodyThenNobody(String text) throws IOException {
    Files.writeString(path, text);

    assertThat(file.list()).isEmpty();
  }

  @Test
  void addWhenFileIsDamagedThenItStaysAsItWas() throws IOException {
    String damaged = "users: [alice]";
    Files.writeString(path, damaged);

    assertThatThrownBy(() -> file.add("bob", "", null, List.of(), PASSWORD))
        .isInstanceOf(IOException.class);
    assertThat(path).hasContent(damaged);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " alice",
        "alice ",
        "al ice",
        "a|b",
        "a,b",
        "é",
        "a\nb",
        "a\u0000b",
        "a\tb",
        "anonymous",
        "Authenticated",
        "SYSTEM",
        "unknown"
      })
  void addWhenNameCannotCrossAHeaderThenRefused(String name) {
    assertThatThrownBy(() -> file.add(name, "", null, List.of(), PASSWORD))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void addWhenTakenGroupWrongOrPasswordEmptyThenRefused() {
    assertThatThrownBy(() -> file.add("alice", "", null, List.of(), PASSWORD))
        .hasMessageContaining("already");
    assertThatThrownBy(() -> file.add("ALICE", "", null, List.of(), PASSWORD))
        .hasMessageContaining("already");
    assertThatThrownBy(() -> file.add("bob", "", null, List.of("a|b"), PASSWORD))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> file.add("bob", "", null, List.of(), Secret.of("")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> file.remove("bob")).isInstanceOf(NoSuchElementException.class);
  }

  private static Person deactivated(Person person) {
    return new Person(
        person.name(),
        person.identity(),
        person.displayName(),
        person.email(),
        person.groups(),
        false);
  }
}
