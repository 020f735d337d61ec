package dev.onbehalf.server.receive;

import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Is told what changed for which issues, inside the transaction that changes it, so that neither
 * can be lost without the other.
 */
public interface IssueChanges {
  /** Nobody wants to know. */
  IssueChanges NONE =
      new IssueChanges() {
        @Override
        public boolean wanted() {
          return false;
        }

        @Override
        public void changed(
            Handle handle,
            long credential,
            Collection<Target> targets,
            Set<String> absentKeys,
            Instant now) {}

        @Override
        public void erased(Handle handle, long credential, Instant now) {}
      };

  /**
   * A pipeline or environment of one credential, and an issue it did something for.
   *
   * @param target digest of credential and pipeline or environment, 43 characters
   * @param issueKey in capitals
   */
  record Target(String target, String issueKey) {}

  /** Whether targets are kept and told at all. */
  boolean wanted();

  /**
   * What the latest state of these is may have changed; writers of one credential take turns.
   *
   * @param credential our number of it
   * @param targets without duplicates
   * @param absentKeys keys of issues that were said not to exist just now
   */
  void changed(
      Handle handle,
      long credential,
      Collection<Target> targets,
      Set<String> absentKeys,
      Instant now);

  /** Everything of a credential has been removed. */
  void erased(Handle handle, long credential, Instant now);
}
