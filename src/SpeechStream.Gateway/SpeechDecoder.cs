namespace SpeechStream.Gateway;

/// <summary>
/// Turns the samples of one sentence after another into words, for <see cref="Recognizer.FromDecoder"/>. The gateway does the rest: it finds where sentences begin and end,
/// numbers them, keeps the limits of the service, and sends the results.
/// </summary>
/// <remarks>
/// The gateway makes one for each task and calls it from one thread at a time. For the same samples it should give the same words, also when the sentence isn't its first:
/// after a lost connection another one hears the rest of the audio.
/// </remarks>
public abstract class SpeechDecoder : IDisposable
{
    /// <summary>A sentence begins. What was heard before is over.</summary>
    public abstract void Start();

    /// <summary>Hears the next samples of the sentence. The silence that ends it is among them.</summary>
    /// <param name="samples">10 ms at 16 kHz: 160 samples. Audio of another rate is interpolated.</param>
    public abstract void Write(ReadOnlySpan<short> samples);

    /// <summary>
    /// Tells what is understood of the sentence: each 100 ms of its audio, and at its end. Without interim results, it is asked only until there are words, and at the end.
    /// </summary>
    /// <remarks>A decoder that would have to decode the whole sentence again can return its last answer until enough audio is new.</remarks>
    /// <param name="isFinal">Whether the sentence is over.</param>
    /// <returns>The text from the sentence's begin; null while there are no words. A sentence without any isn't told to the client.</returns>
    public abstract DecodedText? Read(bool isFinal);

    /// <summary>Called when its task is over.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose()"/>
    /// <param name="disposing">Always true, unless a derived class has a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
