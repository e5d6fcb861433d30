using System.Runtime.InteropServices;

namespace SpeechStream.Gateway.PocketSphinx;

/// <summary>A decoder of 16 kHz samples, one utterance after another. Not for two threads at once; it takes a core's fifth.</summary>
internal sealed unsafe class PocketSphinxDecoder : SpeechDecoder
{
    private const int MillisecondsPerFrame = 10;
    private const int CepstrumLength = 13;

    private readonly float[] _initialMean = new float[CepstrumLength];
    private readonly IntPtr _arguments;
    private readonly IntPtr _cepstralMean;
    private IntPtr _decoder;

    /// <summary>Loads the model, which takes about half a second and 100 MB.</summary>
    /// <exception cref="RecognizerUnavailableException">The model is missing, or the library is not the one expected.</exception>
    public PocketSphinxDecoder()
    {
        using var model = new DecoderModel();
        Native.SetLogFile(IntPtr.Zero);
        _arguments = Native.ParseArguments(IntPtr.Zero, Native.ArgumentDefinitions(), model.Arguments.Length, model.Arguments, strict: 1);
        _decoder = _arguments == IntPtr.Zero ? IntPtr.Zero : Native.Init(_arguments);
        if (_decoder == IntPtr.Zero)
        {
            throw new RecognizerUnavailableException($"PocketSphinx can't load its English model. {NativeLibraries.Installation}");
        }

        _cepstralMean = Native.CepstralMeanOf(Native.GetFeatures(_decoder));
        if (Marshal.ReadInt32(_cepstralMean, 3 * IntPtr.Size + sizeof(int)) != CepstrumLength)
        {
            throw new RecognizerUnavailableException($"This build of PocketSphinx is laid out differently. {NativeLibraries.Installation}");
        }

        fixed (float* mean = _initialMean)
        {
            Native.GetCepstralMean(_cepstralMean, mean);
        }
    }

    /// <summary>Begins an utterance in the state of a new decoder.</summary>
    /// <remarks>The cepstral mean adapts to what is heard. It starts afresh in each sentence, so that a client which loses its connection
    /// and sends a sentence again gets the words it would have got.</remarks>
    public override void Start()
    {
        fixed (float* mean = _initialMean)
        {
            Native.SetCepstralMean(_cepstralMean, mean);
        }

        // Without it word times are wrong from the second utterance on.
        _ = Native.StartStream(_decoder);
        _ = Native.StartUtterance(_decoder);
    }

    public override void Write(ReadOnlySpan<short> samples)
    {
        fixed (short* first = samples)
        {
            _ = Native.ProcessRaw(_decoder, first, (nuint)samples.Length, noSearch: 0, fullUtterance: 0);
        }
    }

    public override DecodedText? Read(bool isFinal)
    {
        if (isFinal)
        {
            _ = Native.EndUtterance(_decoder);
        }

        var words = new List<DecodedWord>();
        var confidence = 0.0;
        var logmath = Native.GetLogMath(_decoder);
        for (var segment = Native.FirstSegment(_decoder); segment != IntPtr.Zero; segment = Native.NextSegment(segment))
        {
            if (WordOf(segment) is not { } word)
            {
                continue;
            }

            Native.FramesOf(segment, out var first, out var last);
            words.Add(new DecodedWord(word, TimeSpan.FromMilliseconds(first * MillisecondsPerFrame), TimeSpan.FromMilliseconds((last + 1) * MillisecondsPerFrame)));
            confidence += Math.Clamp(Native.Exp(logmath, Native.ProbabilityOf(segment, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero)), 0, 1);
        }

        return words.Count == 0
            ? null
            : new DecodedText(string.Join(' ', words.Select(word => word.Text))) { Confidence = confidence / words.Count, Words = words };
    }

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _decoder, IntPtr.Zero) is var decoder && decoder != IntPtr.Zero)
        {
            _ = Native.Free(decoder);
            _ = Native.FreeArguments(_arguments);
        }

        base.Dispose(disposing);
    }

    /// <summary>Null for silence, noise and sentence marks; without the number of a variant, as in <c>the(2)</c>.</summary>
    private static string? WordOf(IntPtr segment)
    {
        var word = Marshal.PtrToStringUTF8(Native.WordOf(segment));
        if (string.IsNullOrEmpty(word) || word[0] is '<' or '[' or '+')
        {
            return null;
        }

        var variant = word.IndexOf('(', StringComparison.Ordinal);
        return variant < 0 ? word : word[..variant];
    }
}
