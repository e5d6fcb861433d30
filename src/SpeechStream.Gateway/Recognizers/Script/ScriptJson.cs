using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpeechStream.Gateway.Recognizers.Script;

/// <summary>How a script is read. It is generated at compile time, because reading by reflection fails in a program that is trimmed or compiled ahead of time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    PropertyNameCaseInsensitive = false,
    NumberHandling = JsonNumberHandling.Strict,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(ScriptDocument))]
internal sealed partial class ScriptJson : JsonSerializerContext;
