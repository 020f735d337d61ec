package dev.onbehalf.server.people;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import dev.onbehalf.oauth1.Secret;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Argon2id hashes of the users file's passwords (RFC 9106; 19 MiB, 2 passes, 1 lane). At most two
 * are computed at once, so that sign-ins cannot take the machine's memory.
 */
final class PasswordHashes {
  private static final int AT_ONCE = 2;
  private static final long PATIENCE_SECONDS = 10;

  private final Semaphore permits = new Semaphore(AT_ONCE, true);

  /** Made at the first use, since it holds its 19 MiB from then on. */
  private static final class Function {
    static final Argon2Function OURS = Argon2Function.getInstance(19_456, 2, 1, 32, Argon2.ID);
  }

  /** What an unknown name is compared with: made at the first use, as slow as any other. */
  private static final class Nobody {
    static final String HASH =
        Password.hash("nobody").addRandomSalt().with(Function.OURS).getResult();
  }

  String hash(Secret password) {
    return Password.hash(password.reveal()).addRandomSalt().with(Function.OURS).getResult();
  }

  /**
   * Compares a password with a hash, by the parameters the hash names.
   *
   * @throws DirectoryException if too many comparisons wait already
   */
  boolean matches(Secret password, String hash) {
    acquire();
    try {
      return Password.check(password.reveal(), hash).with(Argon2Function.getInstanceFromHash(hash));
    } finally {
      permits.release();
    }
  }

  /** Takes as long as {@link #matches} and never succeeds. */
  void matchNobody(Secret password) {
    matches(password, Nobody.HASH);
  }

  private void acquire() {
    try {
      if (permits.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DirectoryException("The password check was interrupted.", e);
    }
    throw new DirectoryException(
        "Too many passwords are being checked; try again in a moment.",
        new IllegalStateException("no permit"));
  }
}
