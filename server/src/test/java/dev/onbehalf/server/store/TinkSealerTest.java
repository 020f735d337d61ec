package dev.onbehalf.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.store.TinkSealer.SealingKey.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

final class TinkSealerTest {
  private static final Secret SECRET = Secret.of("geheim-äöü");

  @OnEachDatabase
  void openWhenSealedWithTheSameContextThenTheSecret(TestDatabase database) {
    TinkSealer sealer = open(database);
    byte[] sealed = sealer.seal(SECRET, "token:17");

    assertThat(sealer.open(sealed, "token:17")).isEqualTo(SECRET);
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("geheim");
    assertThat(sealer.seal(SECRET, "token:17")).isNotEqualTo(sealed);
    assertThatThrownBy(() -> sealer.open(sealed, "token:18"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageNotContaining("geheim");
    sealed[sealed.length - 1] ^= 1;
    assertThatThrownBy(() -> sealer.open(sealed, "token:17"))
        .isInstanceOf(IllegalStateException.class);
  }

  @OnEachDatabase
  void fingerprintWhenPurposeOrValueDiffersThenAnother(TestDatabase database) {
    TinkSealer sealer = open(database);
    byte[] fingerprint = sealer.fingerprint("token", "abc");

    assertThat(fingerprint).hasSize(32).isEqualTo(sealer.fingerprint("token", "abc"));
    assertThat(sealer.fingerprint("tokena", "bc")).isNotEqualTo(fingerprint);
    assertThat(sealer.fingerprint("token", "abd")).isNotEqualTo(fingerprint);
  }

  @OnEachDatabase
  void openWhenRestartedThenTheSameKeys(TestDatabase database) {
    TinkSealer before = open(database);
    byte[] sealed = before.seal(SECRET, "c");
    byte[] fingerprint = before.fingerprint("p", "v");
    database.reopen();
    TinkSealer after = open(database);

    assertThat(after.open(sealed, "c")).isEqualTo(SECRET);
    assertThat(after.fingerprint("p", "v")).isEqualTo(fingerprint);
  }

  @OnEachDatabase
  void rotateWhenDoneThenOldSealsOpenAndFingerprintsStay(TestDatabase database) {
    TinkSealer sealer = open(database);
    byte[] old = sealer.seal(SECRET, "c");
    byte[] fingerprint = sealer.fingerprint("p", "v");
    sealer.rotate();
    byte[] renewed = sealer.seal(SECRET, "c");
    TinkSealer after = open(database);

    assertThat(after.open(old, "c")).isEqualTo(SECRET);
    assertThat(after.open(renewed, "c")).isEqualTo(SECRET);
    assertThat(after.fingerprint("p", "v")).isEqualTo(fingerprint);
  }

  @OnEachDatabase
  void publishWhenDoneThenTheKeyIsThereButUnused(TestDatabase database) throws IOException {
    TinkSealer sealer = open(database);
    Path before = Files.copy(keyset(database), database.dataDirectory().resolve("before"));
    sealer.publish();
    sealer.publish();

    assertThat(sealer.keys())
        .extracting(TinkSealer.SealingKey::state)
        .containsExactly(State.ACTIVE, State.PUBLISHED);
    byte[] sealed = sealer.seal(SECRET, "c");
    Files.move(before, keyset(database), StandardCopyOption.REPLACE_EXISTING);
    assertThat(open(database).open(sealed, "c")).isEqualTo(SECRET);
  }

  @OnEachDatabase
  void activateWhenPublishedThenItSealsAndEarlierOnesOpen(TestDatabase database) {
    TinkSealer sealer = open(database);
    byte[] old = sealer.seal(SECRET, "c");
    assertThatThrownBy(sealer::activate)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("No sealing key is published");
    sealer.publish();
    sealer.activate();

    assertThat(sealer.keys())
        .extracting(TinkSealer.SealingKey::state)
        .containsExactly(State.EARLIER, State.ACTIVE);
    assertThat(sealer.open(old, "c")).isEqualTo(SECRET);
    assertThat(open(database).open(sealer.seal(SECRET, "c"), "c")).isEqualTo(SECRET);
  }

  @OnEachDatabase
  void activateWhenAnotherNodeGotTheFileThenItOpensWithoutARestart(TestDatabase database)
      throws IOException {
    TinkSealer one = open(database);
    Path elsewhere = Files.createDirectory(database.dataDirectory().resolve("node-2"));
    Path copy = elsewhere.resolve("keyset");
    Files.copy(keyset(database), copy);
    TinkSealer other = TinkSealer.open(database.database(), elsewhere);
    one.publish();
    Files.copy(keyset(database), copy, StandardCopyOption.REPLACE_EXISTING);
    one.activate();

    assertThat(other.open(one.seal(SECRET, "c"), "c")).isEqualTo(SECRET);
    assertThat(one.open(other.seal(SECRET, "c"), "c")).isEqualTo(SECRET);
    assertThat(TinkSealer.open(database.database(), elsewhere).open(one.seal(SECRET, "c"), "c"))
        .isEqualTo(SECRET);
  }

  @OnEachDatabase
  void openWhenTheKeysetLacksTheActiveKeyThenRefused(TestDatabase database) throws IOException {
    TinkSealer sealer = open(database);
    byte[] earlier = Files.readAllBytes(keyset(database));
    sealer.rotate();
    Files.write(keyset(database), earlier);

    assertThatThrownBy(() -> open(database))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("lacks its newest key");
  }

  @OnEachDatabase
  void openWhenTheFileWasReplacedByAnotherDatabasesThenTheOldKeysStay(TestDatabase database)
      throws IOException {
    TinkSealer sealer = open(database);
    byte[] sealed = sealer.seal(SECRET, "c");
    for (String content : new String[] {"sealing: %%%", "", foreignKeyset(database)}) {
      Files.writeString(keyset(database), content);
      assertThatThrownBy(() -> sealer.open(new byte[40], "c"))
          .isInstanceOf(IllegalStateException.class);
      assertThat(sealer.open(sealed, "c")).isEqualTo(SECRET);
    }
  }

  @OnEachDatabase
  void openWhenFirstStartedThenTheKeysetIsForItsOwnerAlone(TestDatabase database)
      throws IOException {
    open(database);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyset(database))))
        .isEqualTo("rw-------");
    assertThat(keyset(database)).content().doesNotContain("geheim");
  }

  @OnEachDatabase
  void openWhenTheKeysetIsMissingThenRefusedAndNoneIsMade(TestDatabase database)
      throws IOException {
    open(database);
    Files.delete(keyset(database));

    assertThatThrownBy(() -> open(database))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is missing");
    assertThat(keyset(database)).doesNotExist();
  }

  @OnEachDatabase
  void openWhenTheKeysetIsAnotherThenRefused(TestDatabase database) throws IOException {
    open(database);
    try (TestDatabase other = TestDatabase.create(database.database().dialect())) {
      open(other);
      Files.write(keyset(database), Files.readAllBytes(keyset(other)));
    }

    assertThatThrownBy(() -> open(database))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is not the one of this database");
  }

  @OnEachDatabase
  void openWhenTheKeysetIsDamagedThenRefused(TestDatabase database) throws IOException {
    open(database);
    for (String content : new String[] {"", "sealing: %%%\nfingerprint: AAAA\n", "sealing: AAAA"}) {
      Files.writeString(keyset(database), content);
      assertThatThrownBy(() -> open(database))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(keyset(database).toString());
    }
  }

  private static String foreignKeyset(TestDatabase database) throws IOException {
    try (TestDatabase other = TestDatabase.create(database.database().dialect())) {
      open(other);
      return Files.readString(keyset(other));
    }
  }

  private static TinkSealer open(TestDatabase database) {
    return TinkSealer.open(database.database(), database.dataDirectory());
  }

  private static Path keyset(TestDatabase database) {
    return database.dataDirectory().resolve("keyset");
  }
}
