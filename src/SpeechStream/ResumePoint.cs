namespace SpeechStream;

/// <summary>Where an earlier session of the same recording ended: what a new session continues from.</summary>
/// <param name="Sentences">The <see cref="SentenceEnd.Index"/> of the last final result, which is how many sentences are done; 0 when there was none.</param>
/// <param name="Time">Where that sentence ended: its <see cref="SentenceEnd.Time"/>. The new session's audio begins there.</param>
public readonly record struct ResumePoint(int Sentences, TimeSpan Time);
