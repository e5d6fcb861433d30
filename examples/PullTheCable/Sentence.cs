namespace PullTheCable;

/// <summary>A final result, and where a client says that it begins.</summary>
internal readonly record struct Sentence(TimeSpan Begin, string Text)
{
    public override string ToString() => $"[{(int)Begin.TotalHours:00}:{Begin:mm\\:ss\\.f}] {Text}";
}
