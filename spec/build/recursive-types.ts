import { astToString } from 'openapi-typescript';
import ts from 'typescript';
import type { Contract } from '../src/model.ts';
import { reachableSchemas } from './reachable-schemas.ts';

/**
 * Gives each schema that contains itself an alias, and its property in `components` the alias for a type: a property
 * may not name itself in a union or a list, an alias may.
 *
 * @param ast what the generator has made; it is changed
 * @returns the declarations of the aliases
 */
export function extractRecursiveTypes(ast: ts.Node[], contract: Contract): string {
  const aliases = new Map(
    // No two are alike, and none is a name of the generator's own.
    recursiveNames(contract).map((name) => [
      name,
      `$_${name.replace(/\W/g, (sign) => `$${sign.charCodeAt(0)}`)}`,
    ]),
  );
  const declarations = schemaMembers(ast).flatMap((member) => {
    const alias = aliases.get((member.name as ts.Identifier).text);
    if (alias === undefined || !member.type) return [];
    const { type } = member;
    Object.assign(member, { type: ts.factory.createTypeReferenceNode(alias) });
    return [ts.factory.createTypeAliasDeclaration(undefined, alias, undefined, type)];
  });
  return declarations.length === 0
    ? ''
    : astToString(declarations).replace(
        /components\["schemas"\]\["(.*?)"\]/g,
        (reference, name: string) => aliases.get(name) ?? reference,
      );
}

function schemaMembers(ast: ts.Node[]): ts.PropertySignature[] {
  const membersOf = (node: ts.Node | undefined) =>
    node && (ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node))
      ? node.members.filter(ts.isPropertySignature)
      : [];
  const named = (name: string) => (member: ts.PropertySignature) =>
    (member.name as ts.Identifier).text === name;
  const components = ast.find(
    (node) => ts.isInterfaceDeclaration(node) && node.name.text === 'components',
  );
  return membersOf(membersOf(components).find(named('schemas'))?.type);
}

function recursiveNames(contract: Contract): string[] {
  return contract.schemas.flatMap(({ name, schema }) =>
    [...reachableSchemas(contract, schema)].some((one) => one.name === name) ? [name] : [],
  );
}
