using System.Text.Json;
using BenchmarkDotNet.Attributes;
using SpeechStream.Benchmarks.Load;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Protocol.Nls;

namespace SpeechStream.Benchmarks.Questions;

/// <summary>What does it cost to read a final with eight words, beside a document of the framework's?</summary>
[Config(typeof(BenchmarkSettings))]
public class ReadMessage
{
    private const string TaskId = "0123456789abcdef0123456789abcdef";

    private readonly byte[] _final = FinalOf(TaskId);
    private readonly MessageReader _reader = new(TaskId, new Redactor());
    private readonly ServerMessage _message = new();

    /// <summary>What a client does that parses into a document and takes the text and the words out.</summary>
    [Benchmark(Baseline = true)]
    public int Document()
    {
        using var document = JsonDocument.Parse(_final);
        var payload = document.RootElement.GetProperty("payload");
        var length = payload.GetProperty("result").GetString()!.Length + payload.GetProperty("time").GetInt32();
        foreach (var word in payload.GetProperty("words").EnumerateArray())
        {
            length += word.GetProperty("text").GetString()!.Length + word.GetProperty("startTime").GetInt32() + word.GetProperty("endTime").GetInt32();
        }

        return length;
    }

    [Benchmark]
    public int Reader()
    {
        _reader.Read(_final, _message);
        return _message.Words.Length;
    }

    private static byte[] FinalOf(string taskId)
    {
        var message = new byte[4096];
        return message[..ServiceMessages.Result(message, "SentenceEnd", taskId, 1, 0, 2000, 8, 1)];
    }
}

/// <summary>What does it cost to write the start of a task, beside the framework's serializer?</summary>
[Config(typeof(BenchmarkSettings))]
public class WriteMessage
{
    private readonly int _silence = 800;
    private NlsRequest _request = null!;

    [GlobalSetup]
    public void Setup() =>
        _request = new NlsRequest("app-key", new TranscriptionOptions { EnableIntermediateResult = true, MaxSentenceSilence = TimeSpan.FromMilliseconds(_silence) });

    [Benchmark(Baseline = true)]
    public byte[] Serializer() => JsonSerializer.SerializeToUtf8Bytes(new
    {
        header = new { @namespace = "SpeechTranscriber", name = "StartTranscription", message_id = Guid.NewGuid().ToString("N"), task_id = "0123456789abcdef0123456789abcdef", appkey = "app-key" },
        payload = new { format = "pcm", sample_rate = 16000, enable_intermediate_result = true, max_sentence_silence = _silence },
        context = new { sdk = new { name = "speechstream-dotnet", version = "0.1.0", language = "csharp" } },
    });

    [Benchmark]
    public byte[] Writer() => MessageWriter.Start("app-key", "0123456789abcdef0123456789abcdef", _request);
}
