package dev.onbehalf.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/** A commit of a {@link Repository}. */
public final class Commit {
  private static final int MAX_MESSAGE = 1024;

  private final ObjectNode json;

  private Commit(ObjectNode draft) {
    this.json = Report.checked("commit", Shapes.COMMIT, DataType.DEVELOPMENT_INFORMATION, draft);
  }

  public static Builder builder() {
    return new Builder();
  }

  ObjectNode toJson() {
    return json.deepCopy();
  }

  @Override
  public String toString() {
    return "commit " + json.path("id").asString();
  }

  /** Collects the fields of a {@link Commit}. */
  public static final class Builder extends ChangeBuilder<Builder> {
    private Builder() {
      json.put("fileCount", 0);
    }

    @Override
    Builder self() {
      return this;
    }

    /** Required, at most 1024 characters; its first 7 become the displayed id. */
    @CanIgnoreReturnValue
    public Builder id(String id) {
      return put("id", id).put("displayId", id.length() > 7 ? id.substring(0, 7) : id);
    }

    /** Required; cut to 1024 characters, as Jira does. */
    @CanIgnoreReturnValue
    public Builder message(String text) {
      return put("message", Text.fit(text, MAX_MESSAGE));
    }

    /** Required. */
    @CanIgnoreReturnValue
    public Builder author(String name) {
      return authorNamed(name);
    }

    /** Not negative; 0 by default. */
    @CanIgnoreReturnValue
    public Builder fileCount(long files) {
      return put("fileCount", files);
    }

    /** Required. */
    @CanIgnoreReturnValue
    public Builder authorTimestamp(Instant time) {
      return put("authorTimestamp", Report.wire(time));
    }

    /** Throws {@link InvalidReportException} where a field is missing or breaks its limit. */
    public Commit build() {
      return new Commit(json);
    }
  }
}
