using System.Globalization;
using System.Reflection;
using System.Text;

namespace SpeechStream.Package.Tests;

/// <summary>Writes down what an assembly offers, a line for each type and member, in alphabetical order.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    public static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().Where(type => !type.FullName!.Contains('<', StringComparison.Ordinal)).OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Header(type)).Append('\n');
            foreach (var line in type.GetMembers(Declared).Select(Member).OfType<string>().Distinct().Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Header(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsValueType: true } => "struct",
            { IsInterface: true } => "interface",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        var bases = new[] { type.BaseType }.Concat(type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []))
            .OfType<Type>().Where(parent => parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum) && !type.IsEnum)
            .Select(Name).Order(StringComparer.Ordinal);
        var list = string.Join(", ", bases);
        return $"{kind} {type.FullName}{(list.Length > 0 ? $" : {list}" : "")}";
    }

    // What the compiler makes for records says nothing that the record's properties don't.
    private static string? Member(MemberInfo member) => member switch
    {
        { Name: "<Clone>$" or "PrintMembers" or "EqualityContract" or "GetHashCode" or "Equals" or "op_Equality" or "op_Inequality" or "value__" } => null,
        MethodInfo { IsSpecialName: true } => null,
        MethodInfo method when IsVisible(method) => $"{Modifiers(method)}{Return(method.ReturnParameter)} {method.Name}({Parameters(method)})",
        ConstructorInfo constructor when IsVisible(constructor) => $"{Modifiers(constructor)}new({Parameters(constructor)})",
        PropertyInfo property when IsVisible(property.GetMethod) || IsVisible(property.SetMethod) =>
            $"{Modifiers((property.GetMethod ?? property.SetMethod)!)}{Name(property.PropertyType, Nullability.Create(property))} {property.Name} {{ {Accessors(property)} }}",
        EventInfo { AddMethod: { } add } item when IsVisible(add) => $"event {Name(item.EventHandlerType!)} {item.Name}",
        FieldInfo { IsLiteral: true, IsPublic: true } constant => $"{constant.Name} = {Convert.ToString(constant.GetRawConstantValue(), CultureInfo.InvariantCulture)}",
        FieldInfo { IsPublic: true } field => $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType, Nullability.Create(field))} {field.Name}",
        _ => null,
    };

    private static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static string Modifiers(MethodBase method) =>
        $"{(method.IsPublic ? "" : "protected ")}{(method.IsStatic ? "static " : "")}{(method is MethodInfo { IsVirtual: true, IsFinal: false, IsAbstract: false } ? "virtual " : "")}{(method.IsAbstract ? "abstract " : "")}";

    private static string Accessors(PropertyInfo property)
    {
        var isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit)) == true;
        return $"{(IsVisible(property.GetMethod) ? "get; " : "")}{(IsVisible(property.SetMethod) ? isInit ? "init; " : "set; " : "")}".TrimEnd();
    }

    private static string Return(ParameterInfo parameter) => Name(parameter.ParameterType, Nullability.Create(parameter));

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")}{Name(parameter.ParameterType, Nullability.Create(parameter))} {parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "default"}" : "")}"));

    private static string Name(Type type, NullabilityInfo nullability)
    {
        var mark = !type.IsValueType && (nullability.ReadState == NullabilityState.Nullable || nullability.WriteState == NullabilityState.Nullable) ? "?" : "";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        if (!type.IsGenericType || nullability.GenericTypeArguments.Length == 0)
        {
            return Name(type) + mark;
        }

        var arguments = type.GetGenericArguments().Zip(nullability.GenericTypeArguments, Name);
        return $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", arguments)}>{mark}";
    }

    private static string Name(Type type) => type switch
    {
        _ when type == typeof(void) => "void",
        _ when type == typeof(bool) => "bool",
        _ when type == typeof(int) => "int",
        _ when type == typeof(double) => "double",
        _ when type == typeof(string) => "string",
        _ when type == typeof(byte) => "byte",
        { IsByRef: true } => "ref " + Name(type.GetElementType()!),
        { IsArray: true } => Name(type.GetElementType()!) + "[]",
        { IsGenericType: true } => $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        _ => type.Name,
    };
}
