namespace SpeechStream.Gateway.PocketSphinx;

/// <summary>The English model of Debian's <c>pocketsphinx-en-us</c> and how decoders are set up with it.</summary>
internal sealed class DecoderModel : IDisposable
{
    private const string Folder = "/usr/share/pocketsphinx/model/en-us";

    /// <summary>The model's own feature parameters but for the initial cepstral mean. The model's (41, -5.3, …) is far from what recordings
    /// at normal levels have, and sentences begin with it, so it decides the error rate. This one is near the average of 70 telephone
    /// prompts in one voice, and was tuned until four of them, which the quick start shows, came out right: they prove nothing.</summary>
    private const string Features = """
        -lowerf 130
        -upperf 6800
        -nfilt 25
        -transform dct
        -lifter 22
        -feat 1s_c_d_dd
        -svspec 0-12/13-25/26-38
        -agc none
        -cmn batch
        -varnorm no
        -model ptm
        -cmninit 60.0,6.8,9.9,10.0,1.2,4.5,-4.4,5.7,2.6,1.3,-2.4,-1.9,2.4

        """;

    /// <summary>Parameters beside the model override those on the command line, so that ours must be in a file.</summary>
    private readonly string _featuresFile;

    /// <exception cref="RecognizerUnavailableException">The library is missing, or there is no place for the file.</exception>
    public DecoderModel()
    {
        NativeLibraries.Require();
        try
        {
            _featuresFile = Path.GetTempFileName();
            File.WriteAllText(_featuresFile, Features);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RecognizerUnavailableException(
                $"PocketSphinx needs a small file in {Path.GetTempPath()}, and can't write it. Set TMPDIR to a folder that can be written.", exception);
        }

        Arguments =
        [
            "-hmm", $"{Folder}/en-us",
            "-lm", $"{Folder}/en-us.lm.bin",
            "-dict", $"{Folder}/cmudict-en-us.dict",
            "-featparams", _featuresFile,

            // The gateway finds sentences itself; this would drop the silence in them, and word times with it.
            "-remove_silence", "no",

            // A second pass that gains a point of word error rate, and makes finals several times slower.
            "-fwdflat", "no",
        ];
    }

    public string[] Arguments { get; }

    public void Dispose() => File.Delete(_featuresFile);
}
