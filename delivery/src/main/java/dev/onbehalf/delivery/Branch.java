package dev.onbehalf.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import tools.jackson.databind.node.ObjectNode;

/** A branch of a {@link Repository}. */
public final class Branch {
  private final ObjectNode json;

  private Branch(ObjectNode draft) {
    this.json = Report.checked("branch", Shapes.BRANCH, DataType.DEVELOPMENT_INFORMATION, draft);
  }

  public static Builder builder() {
    return new Builder();
  }

  ObjectNode toJson() {
    return json.deepCopy();
  }

  @Override
  public String toString() {
    return "branch " + json.path("name").asString();
  }

  /** Collects the fields of a {@link Branch}. */
  public static final class Builder extends ChangeBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** Required, at most 512 characters; the branch's id as well. */
    @CanIgnoreReturnValue
    public Builder name(String name) {
      return put("id", name).put("name", name);
    }

    /** Required. */
    @CanIgnoreReturnValue
    public Builder lastCommit(Commit commit) {
      json.set("lastCommit", commit.toJson());
      return this;
    }

    /** Throws {@link InvalidReportException} where a field is missing or breaks its limit. */
    public Branch build() {
      return new Branch(json);
    }
  }
}
