package dev.onbehalf.server.receive;

import java.util.Set;

/**
 * How well something went, at a glance: {@code good}, {@code bad}, {@code busy} or {@code plain}.
 */
public final class Tone {
  private static final Set<String> GOOD = Set.of("successful", "MERGED", "success");
  private static final Set<String> BAD = Set.of("failed", "rolled_back", "DECLINED");
  private static final Set<String> BUSY = Set.of("in_progress", "pending", "OPEN", "inprogress");

  private Tone() {}

  /** Returns the tone of a state, or of an appearance, as the delivery formats spell it. */
  public static String of(String state) {
    return GOOD.contains(state)
        ? "good"
        : BAD.contains(state) ? "bad" : BUSY.contains(state) ? "busy" : "plain";
  }
}
