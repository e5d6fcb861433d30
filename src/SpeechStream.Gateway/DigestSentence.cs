namespace SpeechStream.Gateway;

/// <summary>A sentence of <see cref="Recognizer.Digest"/>.</summary>
/// <param name="BeginTime">Where it begins, from the first sample of the audio; whole milliseconds.</param>
/// <param name="EndTime">Where it ends; whole milliseconds.</param>
/// <param name="Text">The first 16 hex digits of the SHA-256 of the bytes between them.</param>
public readonly record struct DigestSentence(TimeSpan BeginTime, TimeSpan EndTime, string Text);
