package dev.onbehalf.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.oauth1.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static TinkSealer open(TestDatabase database) {
    return TinkSealer.open(database.database(), database.dataDirectory());
  }

  private static Path keyset(TestDatabase database) {
    return database.dataDirectory().resolve("keyset");
  }
}
