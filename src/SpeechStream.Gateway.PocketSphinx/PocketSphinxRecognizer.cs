namespace SpeechStream.Gateway;

/// <summary>Adds <c>Recognizer.PocketSphinx</c>, English words by a real recognizer.</summary>
public static class PocketSphinxRecognizer
{
    /// <summary>A task takes a fifth of a core when it is spoken in real time; three leave room for the rest of the machine.</summary>
    private const int TasksPerCore = 3;

    private static readonly Recognizer Instance =
        Recognizer.FromDecoder(() => new PocketSphinx.PocketSphinxDecoder(), TasksPerCore * Environment.ProcessorCount);

    extension(Recognizer)
    {
        /// <summary>English words by PocketSphinx, with partial results, word times and confidences. Linux, with two packages installed:
        /// <c>apt-get install libpocketsphinx3 pocketsphinx-en-us</c>.</summary>
        /// <remarks>For seeing real words in real time, not for good ones: expect a quarter of the words of clean 16 kHz speech to be wrong,
        /// and far more at 8 kHz or in noise. Takes PCM, WAV and Opus. A task needs about a fifth of a core and 100 MB; three tasks a core may run
        /// at once, one more fails like one above <see cref="LocalGatewayOptions.MaxConcurrentTasks"/>. A gateway can't start with it, and throws a
        /// <see cref="RecognizerUnavailableException"/>, where the packages are missing.</remarks>
        public static Recognizer PocketSphinx => Instance;
    }
}
