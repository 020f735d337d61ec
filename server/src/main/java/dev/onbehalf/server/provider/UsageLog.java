package dev.onbehalf.server.provider;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** When tokens and credentials were last used, written to the database now and then. */
final class UsageLog {
  private final JdbiConsumerStore consumers;
  private final JdbiAccessTokenStore tokens;
  private final Map<String, Instant> credentialUse = new ConcurrentHashMap<>();
  private final Map<String, Instant> tokenUse = new ConcurrentHashMap<>();

  UsageLog(JdbiConsumerStore consumers, JdbiAccessTokenStore tokens) {
    this.consumers = consumers;
    this.tokens = tokens;
  }

  void credentialUsed(String id, Instant now) {
    credentialUse.put(id, now);
  }

  void tokenUsed(String id, Instant now) {
    tokenUse.put(id, now);
  }

  /** Writes what was noted since the last time; keeps it if the database cannot take it. */
  synchronized void flush() {
    Map<String, Instant> credentials = new HashMap<>(credentialUse);
    if (!credentials.isEmpty()) {
      consumers.noteUse(credentials);
      credentials.forEach(credentialUse::remove);
    }
    Map<String, Instant> used = new HashMap<>(tokenUse);
    if (!used.isEmpty()) {
      tokens.noteUse(used);
      used.forEach(tokenUse::remove);
    }
  }
}
