namespace SpeechStream;

/// <summary>One recognised word. Given when <see cref="TranscriptionOptions.EnableWords"/> is set.</summary>
/// <param name="Text">The word.</param>
/// <param name="StartTime">Where it starts, from the first sample of the caller's audio.</param>
/// <param name="EndTime">Where it ends, from the first sample of the caller's audio.</param>
public readonly record struct Word(string Text, TimeSpan StartTime, TimeSpan EndTime);
