namespace SpeechStream;

/// <summary>One recognized word of a result. Results have words only when <see cref="TranscriptionOptions.EnableWords"/> is set.</summary>
/// <param name="Text">The word.</param>
/// <param name="StartTime">Where the word starts, from the first sample of the caller's audio.</param>
/// <param name="EndTime">Where the word ends, from the first sample of the caller's audio.</param>
public readonly record struct Word(string Text, TimeSpan StartTime, TimeSpan EndTime);
