package dev.onbehalf.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A link from issues to something elsewhere; {@code spec/jira-cicd.md} section 2.11. */
public final class RemoteLink extends Report {
  private RemoteLink(ObjectNode draft) {
    super(DataType.REMOTE_LINKS, draft);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** What a link leads to. */
  public enum Type {
    DOCUMENT("document"),
    ALERT("alert"),
    TEST("test"),
    SECURITY("security"),
    LOG_FILE("logFile"),
    PROTOTYPE("prototype"),
    COVERAGE("coverage"),
    BUG_REPORT("bugReport"),
    OTHER("other");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    /** Returns the word on the wire. */
    public String word() {
      return word;
    }

    /** Returns the constant with that {@link #word()}, case-sensitive. */
    public static Optional<Type> of(String word) {
      return Arrays.stream(values()).filter(value -> value.word.equals(word)).findFirst();
    }

    static String[] words() {
      return Arrays.stream(values()).map(Type::word).toArray(String[]::new);
    }
  }

  /** How the status of a link looks. */
  public enum Appearance {
    DEFAULT("default"),
    IN_PROGRESS("inprogress"),
    MOVED("moved"),
    NEW("new"),
    REMOVED("removed"),
    PROTOTYPE("prototype"),
    SUCCESS("success");

    private final String word;

    Appearance(String word) {
      this.word = word;
    }

    /** Returns the word on the wire. */
    public String word() {
      return word;
    }

    /** Returns the constant with that {@link #word()}, case-sensitive. */
    public static Optional<Appearance> of(String word) {
      return Arrays.stream(values()).filter(value -> value.word.equals(word)).findFirst();
    }

    static String[] words() {
      return Arrays.stream(values()).map(Appearance::word).toArray(String[]::new);
    }
  }

  /** Collects the fields of a {@link RemoteLink}. */
  public static final class Builder {
    private final ObjectNode json = object().put("schemaVersion", "1.0");

    private Builder() {}

    /** Required, at most 255 characters; the same id updates the link in place. */
    @CanIgnoreReturnValue
    public Builder id(String id) {
      json.put("id", id);
      return this;
    }

    /** The order among the updates of this link; by default the sender numbers it. */
    @CanIgnoreReturnValue
    public Builder updateSequenceNumber(long number) {
      json.put("updateSequenceNumber", number);
      return this;
    }

    /** Required, at most 255 characters. */
    @CanIgnoreReturnValue
    public Builder displayName(String name) {
      json.put("displayName", name);
      return this;
    }

    /** Required, an absolute http(s) URL of at most 2000 characters. */
    @CanIgnoreReturnValue
    public Builder url(String url) {
      json.put("url", url);
      return this;
    }

    /** Required. */
    @CanIgnoreReturnValue
    public Builder type(Type type) {
      json.put("type", type.word());
      return this;
    }

    /** At most 255 characters. */
    @CanIgnoreReturnValue
    public Builder description(String text) {
      json.put("description", text);
      return this;
    }

    /** Required; sent with millisecond resolution. */
    @CanIgnoreReturnValue
    public Builder lastUpdated(Instant time) {
      json.put("lastUpdated", wire(time));
      return this;
    }

    /** A label of at most 255 characters and how it looks. */
    @CanIgnoreReturnValue
    public Builder status(Appearance appearance, String label) {
      json.putObject("status").put("appearance", appearance.word()).put("label", label);
      return this;
    }

    /** Issue keys; an empty collection adds nothing. */
    @CanIgnoreReturnValue
    public Builder issueKeys(Collection<String> keys) {
      Deployment.Associations.add(json, "issueKeys", keys);
      return this;
    }

    /** Service ids or keys; an empty collection adds nothing. */
    @CanIgnoreReturnValue
    public Builder serviceIds(Collection<String> idsOrKeys) {
      Deployment.Associations.add(json, "serviceIdOrKeys", idsOrKeys);
      return this;
    }

    /** Throws {@link InvalidReportException} where a field is missing or breaks its limit. */
    public RemoteLink build() {
      return new RemoteLink(json);
    }
  }
}
