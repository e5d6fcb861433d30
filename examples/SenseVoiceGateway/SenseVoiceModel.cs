using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace SenseVoiceGateway;

/// <summary>SenseVoice on ONNX Runtime. One serves all decoders, from any threads at once.</summary>
internal sealed class SenseVoiceModel : IDisposable
{
    /// <summary>What the model says about the recording before its words: language, emotion, kind of sound, and whether the text is normalized.</summary>
    private const int Tags = 4;

    /// <summary>The quantized one is a quarter as large, and faster.</summary>
    private static readonly string[] FileNames = ["model.int8.onnx", "model.onnx"];

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly ReaderWriterLockSlim _use = new();
    private readonly string[] _vocabulary;
    private readonly int[] _language;
    private readonly int[] _normalization;
    private bool _isDisposed;

    /// <summary>Loads a model, and tries whether it runs.</summary>
    /// <param name="path">The folder with <c>model.int8.onnx</c> or <c>model.onnx</c>, the first one if there are both, or the path of such a file; <c>tokens.txt</c> is beside it.</param>
    /// <param name="language"><c>auto</c>, or the language of all recordings.</param>
    /// <param name="normalize">Whether numbers are digits, and there are punctuation marks.</param>
    /// <exception cref="ArgumentException">The model has no such language.</exception>
    /// <exception cref="InvalidDataException">It isn't a SenseVoice model, or its vocabulary is another's.</exception>
    /// <exception cref="IOException">A file is missing or can't be read.</exception>
    public SenseVoiceModel(string path, string language = "auto", bool normalize = true)
    {
        var file = FindModel(path);
        _session = Open(file);
        try
        {
            Metadata = new ModelMetadata(_session.ModelMetadata.CustomMetadataMap, file);
            _vocabulary = Vocabulary.Read(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "tokens.txt"), Metadata.VocabularySize);
            _language = [Metadata.NumberOf(language)];
            _normalization = [normalize ? Metadata.WithNormalization : Metadata.WithoutNormalization];
            Try(file);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ModelMetadata Metadata { get; }

    /// <summary>How long a frame of the model is: 60 ms.</summary>
    public TimeSpan FrameDuration => TimeSpan.FromMilliseconds(10 * Metadata.WindowShift);

    /// <summary>Recognizes a sentence.</summary>
    /// <param name="features">Of the filter bank, frame after frame.</param>
    /// <returns>Its tokens; none without a frame.</returns>
    public List<Token> Recognize(ReadOnlySpan<float> features)
    {
        if (features.IsEmpty)
        {
            return [];
        }

        // Disposing the session while it runs would end the process.
        _use.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return Run(Stack(features));
        }
        finally
        {
            _use.ExitReadLock();
        }
    }

    /// <summary>Waits for what runs.</summary>
    public void Dispose()
    {
        _use.EnterWriteLock();
        if (!_isDisposed)
        {
            _isDisposed = true;
            _session.Dispose();
            _runOptions.Dispose();
        }

        _use.ExitWriteLock();
    }

    private static string FindModel(string path)
    {
        if (!Directory.Exists(path))
        {
            return File.Exists(path) ? path : throw new FileNotFoundException($"There is no model at {path}.");
        }

        return FileNames.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{path} has neither model.int8.onnx nor model.onnx.");
    }

    private static InferenceSession Open(string file)
    {
        // One thread for each sentence that is decoded: several sessions share the cores better than threads of one sentence would, which wait for each other.
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        try
        {
            return new InferenceSession(file, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new InvalidDataException($"{file} isn't a model that ONNX Runtime can load: {exception.Message}", exception);
        }
    }

    /// <summary>Also takes the time that the first run of a model takes.</summary>
    private void Try(string file)
    {
        try
        {
            _ = Recognize(new float[Metadata.WindowSize * FilterBank.Bins]);
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or ArgumentException)
        {
            throw new InvalidDataException($"{file} isn't a SenseVoice model that sherpa-onnx exported: {exception.Message}", exception);
        }
    }

    /// <summary>Frames of the filter bank become overlapping windows, one around each sixth frame, with the mean and deviation that the model expects. The first frame
    /// is repeated before itself and the last one after itself, as in FunASR, with which the model was trained.</summary>
    private float[] Stack(ReadOnlySpan<float> features)
    {
        var (width, count) = (Metadata.NegativeMean.Length, features.Length / FilterBank.Bins);
        var stacked = new float[(count + Metadata.WindowShift - 1) / Metadata.WindowShift * width];
        for (var at = 0; at < stacked.Length; at += FilterBank.Bins)
        {
            var (window, place) = (at / width, at % width / FilterBank.Bins);
            var frame = window * Metadata.WindowShift + place - (Metadata.WindowSize - 1) / 2;
            features.Slice(Math.Clamp(frame, 0, count - 1) * FilterBank.Bins, FilterBank.Bins).CopyTo(stacked.AsSpan(at));
        }

        for (var at = 0; at < stacked.Length; at += width)
        {
            var row = stacked.AsSpan(at, width);
            TensorPrimitives.Add(row, Metadata.NegativeMean, row);
            TensorPrimitives.Multiply(row, Metadata.InverseDeviation, row);
        }

        return stacked;
    }

    private List<Token> Run(float[] stacked)
    {
        var frames = stacked.Length / Metadata.NegativeMean.Length;
        using var x = OrtValue.CreateTensorValueFromMemory(stacked, [1, frames, Metadata.NegativeMean.Length]);
        using var length = OrtValue.CreateTensorValueFromMemory([frames], [1]);
        using var language = OrtValue.CreateTensorValueFromMemory(_language, [1]);
        using var normalization = OrtValue.CreateTensorValueFromMemory(_normalization, [1]);
        using var outputs = _session.Run(_runOptions, _session.InputNames, [x, length, language, normalization], _session.OutputNames);
        return Read(outputs[0].GetTensorDataAsSpan<float>(), frames + Tags);
    }

    /// <summary>CTC: the most likely token of each frame, without blanks, and one for a run of the same.</summary>
    private List<Token> Read(ReadOnlySpan<float> logits, int frames)
    {
        if (logits.Length != frames * _vocabulary.Length)
        {
            throw new ArgumentException($"it gives {logits.Length} numbers for {frames} frames of {_vocabulary.Length} tokens.");
        }

        var tokens = new List<Token>();
        var last = -1;
        for (var frame = 0; frame < frames; frame++)
        {
            var row = logits.Slice(frame * _vocabulary.Length, _vocabulary.Length);
            var best = TensorPrimitives.IndexOfMax(row);
            if (best != last && best != Metadata.BlankToken)
            {
                tokens.Add(new Token(_vocabulary[best], frame - Tags, Probability(row, best)));
            }

            last = best;
        }

        // As sherpa-onnx does, which takes the first tokens for the tags whatever they are. The model has exactly one in each of its first frames.
        tokens.RemoveRange(0, Math.Min(Tags, tokens.Count));
        return tokens;
    }

    private static double Probability(ReadOnlySpan<float> logits, int index)
    {
        var sum = 0.0;
        foreach (var logit in logits)
        {
            sum += Math.Exp(logit - logits[index]);
        }

        return 1 / sum;
    }
}
